// The map that moves: outlines, events before and after, posts of forces; drawn by MapLibre from the room's own data.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import { toDay } from "./time.js";
import { tints } from "./tints.js";

const BLUE = "#0072b2";
const ORANGE = "#d55e00";
const INK = "#1c1c1c";
const MANY = 5000; // from here on far views are drawn as heat: marks would cover one another
const NEAR = 7;

const asked = async (address) => {
  const answered = await fetch(address, { credentials: "same-origin" });
  if (!answered.ok) throw new Error(`${address}: ${answered.status}`);
  return answered.json();
};

function features(columns) {
  let day = 0;
  return columns.at.map((place, k) => {
    day += columns.day[k];
    const point = [columns.lon[place] / 1e4, columns.lat[place] / 1e4];
    return { type: "Feature", properties: { d: day, n: columns.deaths[k] }, geometry: { type: "Point", coordinates: point } };
  });
}

const within = (first, last) => ["all", [">=", ["get", "d"], first], ["<=", ["get", "d"], last]];
// the surface of a mark grows with the deaths, as in the drawings
const RADIUS = ["sqrt", ["+", 6.8, ["*", 2.2, ["min", ["max", ["get", "n"], 0], 200]]]];

function style(told, data) {
  const [west, south, east, north] = told.frame;
  const sources = { points: { type: "geojson", data: data.points, buffer: 32, tolerance: 0, maxzoom: 10 } };
  const layers = [{ id: "paper", type: "background", paint: { "background-color": "#ffffff" } }];
  if (told.tiles) {
    sources.tiles = { type: "raster", tiles: [told.tiles], tileSize: 256 };
    layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  const opacity = told.tiles ? 0.35 : 1;
  for (const [level, outlines] of Object.entries(data.outlines)) {
    sources[level] = { type: "geojson", data: outlines };
    if (level !== "adm2")
      layers.push({ id: level, type: "fill", source: level, paint: { "fill-color": level === "adm0" ? "#fafafa" : "#f4f1ea", "fill-opacity": opacity } });
    layers.push({ id: `${level}-line`, type: "line", source: level, minzoom: level === "adm2" ? 6 : 0, paint: { "line-color": "#a8a29a", "line-width": level === "adm2" ? 0.5 : 1 } });
  }
  const heat = data.points.features.length > MANY;
  if (heat)
    layers.push({ id: "heat", type: "heatmap", source: "points", maxzoom: NEAR, paint: { "heatmap-radius": 12, "heatmap-opacity": 0.75, "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(255,255,255,0)", 0.2, "#fee8c8", 0.6, "#fc8d59", 1, "#7f0000"] } });
  const mark = { type: "circle", source: "points", minzoom: heat ? NEAR : 0 };
  layers.push({ ...mark, id: "before", paint: { "circle-radius": RADIUS, "circle-color": BLUE, "circle-opacity": 0, "circle-stroke-color": BLUE, "circle-stroke-width": 1.4 } });
  layers.push({ ...mark, id: "after", paint: { "circle-radius": RADIUS, "circle-color": ORANGE, "circle-opacity": 0.6, "circle-stroke-color": ORANGE, "circle-stroke-width": 1 } });
  return { version: 8, sources, layers, center: [(west + east) / 2, (south + north) / 2], zoom: 4 };
}

// Posts are squares: told from events by their shape.
function addForces(map, forces) {
  const size = 11;
  const pixels = new Uint8Array(4 * size * size);
  for (let k = 0; k < size * size; k++) {
    const [x, y] = [k % size, Math.floor(k / size)];
    const edge = x < 2 || y < 2 || x > size - 3 || y > size - 3;
    pixels.set(edge ? [28, 28, 28, 255] : [255, 255, 255, 220], 4 * k);
  }
  map.addImage("post", { width: size, height: size, data: pixels });
  const places = forces.map((f) => ({ type: "Feature", properties: { said: `${f.force}, ${f.town} (${f.since})` }, geometry: { type: "Point", coordinates: [f.lon, f.lat] } }));
  map.addSource("forces", { type: "geojson", data: { type: "FeatureCollection", features: places } });
  map.addLayer({ id: "forces", type: "symbol", source: "forces", layout: { "icon-image": "post", "icon-allow-overlap": true, visibility: "none" } });
}

// Names are words of the page, not of the canvas: no fonts have to be fetched.
function addNames(map, outlines, countries) {
  for (const feature of outlines.features) {
    if (feature.properties.country && !countries.includes(feature.properties.country)) continue;
    const word = document.createElement("span");
    word.className = "area-name";
    word.textContent = feature.properties.name;
    word.setAttribute("aria-hidden", "true"); // the table beside the map names every area
    new maplibregl.Marker({ element: word, interactive: false }).setLngLat(middle(feature.geometry)).addTo(map);
  }
}

function middle(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const largest = polygons.map((p) => p[0]).sort((a, b) => extent(b) - extent(a))[0];
  let [x, y, sum] = [0, 0, 0];
  for (let k = 0; k + 1 < largest.length; k++) {
    const cross = largest[k][0] * largest[k + 1][1] - largest[k + 1][0] * largest[k][1];
    x += (largest[k][0] + largest[k + 1][0]) * cross;
    y += (largest[k][1] + largest[k + 1][1]) * cross;
    sum += cross;
  }
  return sum ? [x / (3 * sum), y / (3 * sum)] : largest[0];
}

function extent(ring) {
  const [xs, ys] = [ring.map((p) => p[0]), ring.map((p) => p[1])];
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}

// While a period is being drawn the map shows the newest choice as soon as it has shown the one before.
function follow(map, form) {
  const value = (name) => toDay(form.elements[name].value);
  let wanted = { first: value("from"), split: value("split"), last: value("to") };
  let busy = false;
  const show = () => {
    if (!wanted || busy) return;
    const { first, split, last } = wanted;
    wanted = null;
    busy = true;
    map.setFilter("before", within(first, split - 1));
    map.setFilter("after", within(split, last));
    if (map.getLayer("heat")) map.setFilter("heat", within(first, last));
    map.once("idle", () => {
      busy = false;
      show();
    });
  };
  document.addEventListener("toguna:period", (event) => {
    wanted = event.detail;
    show();
  });
  show();
}

function explain(map, told, form) {
  const shown = ["before", "after"];
  const popup = (at, text, address) => {
    const box = document.createElement("div");
    box.append(text);
    if (address) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = told.words.open;
      box.append(document.createElement("br"), link);
    }
    new maplibregl.Popup({ closeButton: true }).setLngLat(at).setDOMContent(box).addTo(map);
  };
  map.on("click", (event) => {
    const { x, y } = event.point;
    const near = [[x - 5, y - 5], [x + 5, y + 5]];
    const posts = map.getLayer("forces") ? map.queryRenderedFeatures(near, { layers: ["forces"] }) : [];
    if (posts.length) return popup(event.lngLat, posts.map((p) => p.properties.said).join("; "));
    const found = map.queryRenderedFeatures(near, { layers: shown });
    if (!found.length) return;
    const points = found.map((f) => f.geometry.coordinates);
    const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
    const box = [Math.min(...xs) - 0.01, Math.min(...ys) - 0.01, Math.max(...xs) + 0.01, Math.max(...ys) + 0.01];
    const query = new URLSearchParams({ box: box.map((d) => d.toFixed(4)).join(","), from: form.elements.from.value, to: form.elements.to.value });
    const address = told.incidents && `${told.incidents}${told.incidents.includes("?") ? "&" : "?"}${query}`;
    popup(event.lngLat, told.words.here.replace("%n", found.length), address);
  });
  for (const layer of shown) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

function bindLayers(map, form, layers, told) {
  const legend = document.getElementById("legend");
  const tint = form.querySelector("#tint");
  const paint = () => {
    const made = tints(tint.value, layers, told);
    if (map.getLayer("adm1")) map.setPaintProperty("adm1", "fill-color", made.expression);
    legend.replaceChildren(...made.legend);
    legend.hidden = !made.legend.length;
  };
  tint.addEventListener("change", paint);
  for (const name of ["before", "after", "forces"]) {
    const box = form.querySelector(`#show-${name}`);
    if (box)
      box.addEventListener("change", () => {
        map.setLayoutProperty(name, "visibility", box.checked ? "visible" : "none");
      });
  }
  form.hidden = false;
  paint();
}

window.togunaMap = async (place, told) => {
  const levels = Object.entries(told.outlines);
  const [columns, layers, ...outlines] = await Promise.all([told.points, told.layers, ...levels.map((l) => l[1])].map(asked));
  const data = {
    points: { type: "FeatureCollection", features: features(columns) },
    outlines: Object.fromEntries(levels.map(([level], k) => [level, outlines[k]])),
  };
  maplibregl.setWorkerUrl(place.dataset.worker);
  place.hidden = false;
  const words = told.words;
  const map = new maplibregl.Map({
    container: place,
    style: style(told, data),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    renderWorldCopies: false,
    locale: { "Map.Title": words.map, "NavigationControl.ZoomIn": words.larger, "NavigationControl.ZoomOut": words.smaller },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.addControl(new maplibregl.ScaleControl());
  await new Promise((done, failed) => {
    map.once("load", done);
    map.once("error", (event) => failed(event.error));
  });
  const [west, south, east, north] = told.frame;
  map.fitBounds([[west, south], [east, north]], { padding: 20, animate: false });
  const form = document.getElementById("period");
  if (layers.forces.length) addForces(map, layers.forces);
  if (data.outlines.adm1) addNames(map, data.outlines.adm1, told.countries);
  explain(map, told, form);
  bindLayers(map, document.getElementById("shown"), layers, told);
  follow(map, form);
  place.togunaMap = map;
};
