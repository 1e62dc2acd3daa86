// The map that moves: outlines, events before and after, posts of forces; drawn by MapLibre from the room's own data.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import { Points } from "./points.js";
import { toDay, toText } from "./time.js";
import { tints } from "./tints.js";

const asked = async (address) => {
  const answered = await fetch(address, { credentials: "same-origin" });
  if (!answered.ok) throw new Error(`${address}: ${answered.status}`);
  return answered.json();
};

function style(told, levels) {
  const [west, south, east, north] = told.frame;
  const sources = {};
  const layers = [{ id: "paper", type: "background", paint: { "background-color": "#ffffff" } }];
  if (told.tiles) {
    sources.tiles = { type: "raster", tiles: [told.tiles], tileSize: 256 };
    layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  const opacity = told.tiles ? 0.35 : 1;
  for (const [level, outlines] of Object.entries(levels)) {
    sources[level] = { type: "geojson", data: outlines };
    if (level !== "adm2")
      layers.push({ id: level, type: "fill", source: level, paint: { "fill-color": level === "adm0" ? "#fafafa" : "#f4f1ea", "fill-opacity": opacity } });
    layers.push({ id: `${level}-line`, type: "line", source: level, minzoom: level === "adm2" ? 6 : 0, paint: { "line-color": "#a8a29a", "line-width": level === "adm2" ? 0.5 : 1 } });
  }
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

// Names are words of the page, not of the canvas: no fonts have to be fetched. Of two that meet the larger area keeps its own.
function addNames(map, outlines, countries) {
  const own = outlines.features.filter(({ properties: { country } }) => !country || countries.includes(country));
  const words = own.map((feature) => {
    const word = document.createElement("span");
    word.className = "area-name";
    word.textContent = feature.properties.name;
    word.setAttribute("aria-hidden", "true"); // the table beside the map names every area
    const { at, surface } = middle(feature.geometry);
    new maplibregl.Marker({ element: word, interactive: false }).setLngLat(at).addTo(map);
    return { word, surface };
  });
  words.sort((a, b) => b.surface - a.surface);
  const part = () => {
    const boxes = words.map(({ word }) => word.getBoundingClientRect());
    const kept = [];
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    words.forEach(({ word }, k) => {
      const hid = kept.some((box) => meet(box, boxes[k]));
      word.classList.toggle("hid", hid);
      if (!hid) kept.push(boxes[k]);
    });
  };
  map.on("moveend", part);
  map.on("resize", part);
  part();
}

function middle(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const surface = polygons.reduce((sum, p) => sum + extent(p[0]), 0);
  const largest = polygons.map((p) => p[0]).sort((a, b) => extent(b) - extent(a))[0];
  let [x, y, sum] = [0, 0, 0];
  for (let k = 0; k + 1 < largest.length; k++) {
    const cross = largest[k][0] * largest[k + 1][1] - largest[k + 1][0] * largest[k][1];
    x += (largest[k][0] + largest[k + 1][0]) * cross;
    y += (largest[k][1] + largest[k + 1][1]) * cross;
    sum += cross;
  }
  return { at: sum ? [x / (3 * sum), y / (3 * sum)] : largest[0], surface };
}

function extent(ring) {
  const [xs, ys] = [ring.map((p) => p[0]), ring.map((p) => p[1])];
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}

// While a period is being drawn the map follows, with one drawing for each frame.
function follow(points, form) {
  const value = (name) => toDay(form.elements[name].value);
  document.addEventListener("toguna:period", (event) => points.look(event.detail));
  points.look({ first: value("from"), split: value("split"), last: value("to") });
}

// The list of what a mark stands for: its rectangle, and the parts of the period that are shown.
function listOf(told, box, form, shown) {
  const [west, south, east, north] = box.map((degrees, k) => degrees + (k < 2 ? -1e-4 : 1e-4));
  const { from, split, to } = form.elements;
  const query = new URLSearchParams({ box: [west, south, east, north].map((d) => d.toFixed(4)).join(",") });
  query.set("from", shown.before ? from.value : split.value);
  query.set("to", shown.after ? to.value : toText(toDay(split.value) - 1));
  return `${told.incidents}${told.incidents.includes("?") ? "&" : "?"}${query}`;
}

function explain(map, points, told, form) {
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
  const posts = ({ x, y }) => (map.getLayer("forces") ? map.queryRenderedFeatures([[x - 5, y - 5], [x + 5, y + 5]], { layers: ["forces"] }) : []);
  map.on("click", (event) => {
    const forces = posts(event.point);
    if (forces.length) return popup(event.lngLat, forces.map((p) => p.properties.said).join("; "));
    const found = points.at(event.point);
    if (!found) return;
    const address = told.incidents && listOf(told, found.box, form, points.shown);
    popup(event.lngLat, told.words.here.replace("%n", found.n.toLocaleString(told.lang)), address);
  });
  map.on("mousemove", (event) => {
    if (!map.isMoving()) map.getCanvas().style.cursor = points.under(event.point) ? "pointer" : "";
  });
}

function bindLayers(map, points, form, layers, told) {
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
    const show = () => {
      if (name === "forces") map.setLayoutProperty(name, "visibility", box.checked ? "visible" : "none");
      else points.show(name, box.checked);
    };
    box?.addEventListener("change", show);
    if (box) show();
  }
  form.hidden = false;
  paint();
}

window.togunaMap = async (place, told) => {
  const levels = Object.entries(told.outlines);
  const [columns, layers, ...outlines] = await Promise.all([told.points, told.layers, ...levels.map((l) => l[1])].map(asked));
  const areas = Object.fromEntries(levels.map(([level], k) => [level, outlines[k]]));
  const points = new Points(columns);
  maplibregl.setWorkerUrl(place.dataset.worker);
  place.hidden = false;
  const words = told.words;
  const map = new maplibregl.Map({
    container: place,
    style: style(told, areas),
    attributionControl: false,
    canvasContextAttributes: { contextType: "webgl2" },
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    maxZoom: 16, // places are told to some eleven metres
    renderWorldCopies: false,
    // one finger scrolls the page, on a telephone the map would not let it pass otherwise
    cooperativeGestures: matchMedia("(hover: none) and (pointer: coarse)").matches,
    locale: {
      "Map.Title": words.map,
      "NavigationControl.ZoomIn": words.larger,
      "NavigationControl.ZoomOut": words.smaller,
      "CooperativeGesturesHandler.MobileHelpText": words.fingers,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.addControl(new maplibregl.ScaleControl());
  await new Promise((done, failed) => {
    map.once("load", done);
    map.once("error", (event) => failed(event.error));
  });
  const [west, south, east, north] = told.frame;
  map.fitBounds([[west, south], [east, north]], { padding: 20, animate: false });
  const form = document.getElementById("period");
  follow(points, form);
  map.addLayer(points);
  if (layers.forces.length) addForces(map, layers.forces);
  if (areas.adm1) addNames(map, areas.adm1, told.countries);
  explain(map, points, told, form);
  bindLayers(map, points, document.getElementById("shown"), layers, told);
  place.togunaMap = map;
};
