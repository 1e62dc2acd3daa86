/* The map of the form of reports: a place is pointed at, latitude and longitude are filled in. Drawn on a canvas
   from outlines and names that the room sent once; where one looks or points is told to nobody before the report
   is sent. Fetched when a reporter opens it; the form works without. */
"use strict";
self.reportPicker = (box, ground, form) => {
  if (!ground.box) throw new Error("nothing to draw");
  const { words, step } = ground, lat = form.elements.lat, lon = form.elements.lon;
  const RADIUS = 6371.0088, KM = Math.PI * RADIUS / 180, TAP = 8, MOST = 12000;  // kilometres; pixels; pixels of a degree
  const north = (y) => Math.log(Math.tan(Math.PI / 4 + y * Math.PI / 360)) * 180 / Math.PI;  // Mercator, in degrees
  const south = (y) => Math.atan(Math.exp(y * Math.PI / 180)) * 360 / Math.PI - 90;
  const far = (a, b) => {  // kilometres on the sphere; points are [longitude, latitude]
    const rad = Math.PI / 180, up = Math.sin((b[1] - a[1]) * rad / 2), along = Math.sin((b[0] - a[0]) * rad / 2);
    return 2 * RADIUS * Math.asin(Math.sqrt(up * up + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * along * along));
  };
  const plain = (text) => text.replace(/\(.*\)$/, "").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 2 });
  const km = (n) => number.format(n < 1 ? n : Math.round(n)) + "\u00a0km";
  const fill = (text, told) => text.replace(/\{(\w+)\}/g, (_, name) => told[name]);
  const limit = (n, least, most) => Math.min(most, Math.max(least, n));

  const places = ground.places.map(([name, region, x, y]) => {
    const within = ground.regions[region] || "";
    return { name, title: within && within !== name ? name + " (" + within + ")" : name, at: [x * step, y * step] };
  });
  const lands = ground.lands.map((land) => {
    const path = new Path2D(), border = new Path2D(), [west, low, east, high] = ground.edge;
    for (const ring of land.rings) {
      const knots = [];
      for (let n = 0, x = 0, y = 0; n < ring.length; n += 2) knots.push([x += ring[n], y += ring[n + 1]]);
      [...knots, knots[0]].forEach(([x, y], n) => {
        const [before, under] = knots[n - 1] || [], at = [x * step, -north(y * step)];
        const cut = (x === before && (x === west || x === east)) || (y === under && (y === low || y === high));  // no border
        path[n ? "lineTo" : "moveTo"](...at);
        border[n && !cut ? "lineTo" : "moveTo"](...at);
      });
    }
    return { ...land, path, border, at: [land.at[0] * step, land.at[1] * step] };
  });

  /* what stands on the page */
  const make = (tag, more, ...inside) => {
    const made = Object.assign(document.createElement(tag), more);
    made.append(...inside);
    return made;
  };
  const button = (sign, name, act) => {
    const made = make("button", { type: "button", className: "plain", title: name, onclick: act }, sign);
    made.setAttribute("aria-label", name);
    return made;
  };
  const canvas = make("canvas", { tabIndex: 0 });
  for (const [name, said] of [["role", "application"], ["aria-label", words.map], ["aria-describedby", "map-how"]]) canvas.setAttribute(name, said);
  const frame = make("div", { className: "ground" }, canvas, make("div", { className: "scales" },
    button("+", words.larger, () => nearer(2)), button("\u2212", words.smaller, () => nearer(0.5)), button("\u2922", words.whole, () => whole())));
  const told = make("div", { className: "pointed" }), under = make("p", { className: "small" });
  told.setAttribute("role", "status");
  under.setAttribute("role", "status");
  const take = make("button", { type: "button", className: "plain", hidden: true, onclick: () => name() });
  const how = make("p", { className: "small", id: "map-how" }, words.how + " ", make("span", { id: "map-keys" }, words.keys));
  box.append(how, frame, told, take, under);

  /* the view: its middle (longitude, Mercator), pixels of a degree, and its size */
  const pen = canvas.getContext("2d");
  const view = { x: 0, y: 0, k: 0, wide: 0, high: 0 };
  const exact = form.elements.place_known;
  let answered = "";  // to how exact the place is, by the map
  let pin = null, right = 0, cross = null, asked = 0;  // `right`: to how many kilometres it was pointed at, 0: typed
  const across = (at) => [view.wide / 2 + (at[0] - view.x) * view.k, view.high / 2 - (north(at[1]) - view.y) * view.k];
  const place = (x, y) => [view.x + (x - view.wide / 2) / view.k, south(view.y + (view.high / 2 - y) / view.k)];
  const inside = ([x, y], edge = 0) => x >= edge && y >= edge && x <= view.wide - edge && y <= view.high - edge;
  const metres = () => KM * 1000 * Math.cos(south(view.y) * Math.PI / 180) / view.k;  // of a pixel

  function fit([west, low, east, high]) {
    const bottom = north(low), top = north(high);
    view.x = (west + east) / 2;
    view.y = (bottom + top) / 2;
    view.k = 0.94 * Math.min(view.wide / (east - west), view.high / (top - bottom));
    draw();
  }
  const whole = () => fit(ground.box);
  const near = (at, span) => fit([at[0] - span / KM / 2, at[1] - span / KM / 2, at[0] + span / KM / 2, at[1] + span / KM / 2]);
  function least() {
    return 0.5 * Math.min(view.wide / (ground.box[2] - ground.box[0]), view.high / (north(ground.box[3]) - north(ground.box[1])));
  }
  function scale(by, x, y) {  // what lies under (x, y) stays there
    const k = limit(view.k * by, least(), MOST), held = 1 / view.k - 1 / k;
    view.x += (x - view.wide / 2) * held;
    view.y += (view.high / 2 - y) * held;
    view.k = k;
    shift(0, 0);
  }
  function nearer(by) {  // the buttons keep the pin in the middle, so that every place is reached by taps alone
    if (pin && inside(across(pin))) [view.x, view.y] = [pin[0], north(pin[1])];
    scale(by, view.wide / 2, view.high / 2);
  }
  function shift(x, y) {
    view.x = limit(view.x - x / view.k, ground.box[0], ground.box[2]);
    view.y = limit(view.y + y / view.k, north(ground.box[1]), north(ground.box[3]));
    draw();
  }

  /* drawing, once for each frame of the screen */
  const draw = () => { asked = asked || requestAnimationFrame(() => { asked = 0; paint(); }); };
  function paint() {
    const dense = self.devicePixelRatio || 1, { wide, high, k } = view;
    if (!wide) return;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.fillStyle = "#fafafa";
    pen.fillRect(0, 0, wide, high);
    pen.setTransform(dense * k, 0, 0, dense * k, dense * (wide / 2 - view.x * k), dense * (high / 2 + view.y * k));
    for (const own of [false, true]) {
      pen.fillStyle = own ? "#f4f1ea" : "#fafafa";
      pen.strokeStyle = own ? "#8a837a" : "#c9c4bc";
      pen.lineWidth = 1.2 / k;
      for (const land of lands) if (land.own === own) { pen.fill(land.path, "evenodd"); pen.stroke(land.border); }
    }
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    names();
    ruler();
    if (cross) lines(across(cross));
    if (pin) needle(across(pin));
  }
  function names() {  // larger places first; of two names that meet, that of the larger place stays
    const taken = [[0, view.high - 30, 110, 30], [view.wide - 56, 0, 56, 156]];
    const free = (b) => !taken.some((t) => b[0] < t[0] + t[2] && t[0] < b[0] + b[2] && b[1] < t[1] + t[3] && t[1] < b[1] + b[3]);
    const write = (text, x, y, ink, font) => {
      pen.font = font;
      const wide = pen.measureText(text).width, held = [x - 3, y - 9, wide + 6, 18];
      if (held[0] < 0 || held[0] + held[2] > view.wide || held[1] < 0 || held[1] + held[3] > view.high || !free(held)) return false;
      taken.push(held);
      pen.lineWidth = 3;
      pen.strokeStyle = "#fff";
      pen.strokeText(text, x, y);
      pen.fillStyle = ink;
      pen.fillText(text, x, y);
      return true;
    };
    const letters = getComputedStyle(box).fontFamily;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    let left = Math.round(8 + view.wide * view.high / 20000);
    for (const { name, at } of places) {
      const [x, y] = across(at);
      if (!inside([x, y], 4)) continue;
      const dot = [x - 4, y - 4, 8, 8], wide = (pen.font = "13px " + letters, pen.measureText(name).width);
      if (left < 1 || !free(dot)) continue;
      if (!write(name, x + 7, y, "#1c1c1c", "13px " + letters) && !write(name, x - 7 - wide, y, "#1c1c1c", "13px " + letters)) continue;
      left -= 1;
      taken.push(dot);
      pen.beginPath();
      pen.arc(x, y, 2.6, 0, 7);
      pen.fillStyle = "#1c1c1c";
      pen.fill();
    }
    for (const land of lands) {
      const said = land.own ? land.name : land.name.toUpperCase(), [x, y] = across(land.at), font = "italic 12px " + letters;
      pen.font = font;
      if (land.name) write(said, x - pen.measureText(said).width / 2, y, "#6b645a", font);
    }
  }
  function ruler() {
    const most = 90 * metres() / 1000, power = 10 ** Math.floor(Math.log10(most));
    const long = power * [5, 2, 1].find((n) => n * power <= most), wide = long * 1000 / metres();
    pen.strokeStyle = pen.fillStyle = "#1c1c1c";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(8, view.high - 12);
    pen.lineTo(8, view.high - 8);
    pen.lineTo(8 + wide, view.high - 8);
    pen.lineTo(8 + wide, view.high - 12);
    pen.stroke();
    pen.font = "12px " + getComputedStyle(box).fontFamily;
    pen.fillText(km(long), 11, view.high - 19);
  }
  function lines([x, y]) {
    for (const [wide, ink] of [[4, "#fff"], [1.5, "#1c1c1c"]]) {
      pen.lineWidth = wide;
      pen.strokeStyle = ink;
      pen.beginPath();
      for (const s of [-1, 1]) {
        pen.moveTo(x + 5 * s, y);
        pen.lineTo(x + 18 * s, y);
        pen.moveTo(x, y + 5 * s);
        pen.lineTo(x, y + 18 * s);
      }
      pen.stroke();
    }
  }
  function needle([x, y]) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.bezierCurveTo(x - 4, y - 10, x - 11, y - 14, x - 11, y - 22);
    pen.arc(x, y - 22, 11, Math.PI, 0);
    pen.bezierCurveTo(x + 11, y - 14, x + 4, y - 10, x, y);
    pen.fillStyle = "#d55e00";
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.fill();
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y - 22, 4, 0, 7);
    pen.fillStyle = "#fff";
    pen.fill();
  }

  /* what a point is near, in words */
  const nearest = (at, among = places) => among.reduce((best, p) => {
    const away = far(at, p.at);
    return away < best.away ? { ...p, away } : best;
  }, { away: Infinity });
  function way(from, to) {
    const turn = Math.atan2((to[0] - from[0]) * Math.cos(from[1] * Math.PI / 180), to[1] - from[1]);
    return words.ways[(Math.round(turn * 4 / Math.PI) + 8) % 8];
  }
  function beside(at) {
    const p = nearest(at);
    if (!p.name) return "";
    return fill(p.away < 1 ? words.beside : words.near, { place: p.title, far: km(p.away), way: way(p.at, at) });
  }
  function within(at) {
    pen.save();
    pen.resetTransform();
    const own = lands.filter((land) => land.own), held = own.find((land) => pen.isPointInPath(land.path, at[0], -north(at[1]), "evenodd"));
    pen.restore();
    if (!own.length) return "";
    return held ? fill(words.area, { area: held.name }) : words.outside;
  }
  function tell() {
    const said = [[beside(pin)], [within(pin)]], named = plain(form.elements.place.value);
    const other = nearest(pin, places.filter((p) => named && plain(p.name) === named));
    if (other.away < Infinity && other.away > 25) said.unshift([fill(words.named, { place: other.title, far: km(other.away) }), "doubt"]);
    if (right) said.push([fill(right > 0.5 ? words.rough : words.fine, { far: km(right) }), "small"]);
    told.replaceChildren(...said.filter(([text]) => text).map(([textContent, className = ""]) => make("p", { textContent, className })));
    const p = nearest(pin);
    take.hidden = !p.name || named !== "";
    take.textContent = p.name ? fill(words.use, { place: p.name }) : "";
  }
  function name() {
    form.elements.place.value = nearest(pin).name;
    take.hidden = true;
    form.elements.place.dispatchEvent(new Event("change", { bubbles: true }));
    form.dispatchEvent(new Event("input"));
    canvas.focus();
  }

  /* the pin and the two fields are one thing */
  function point(x, y) {
    const finger = TAP * metres() / 1000, digits = finger > 5 ? 1 : finger > 0.5 ? 2 : 3;  // no digit that the finger did not mean
    const [east, up] = place(x, y);
    lon.value = east.toFixed(digits);
    lat.value = up.toFixed(digits);
    pin = typed();
    right = Math.max(finger, 0.1);
    tell();
    if (exact && exact.value === answered) {  // nobody answered it: no pin claims more than a finger meant
      answered = right > 25 ? "area" : "";
      exact.forEach((choice) => { choice.checked = choice.value === answered; });
    }
    draw();
    form.dispatchEvent(new Event("input"));  // the draft is kept
  }
  function typed() {
    const [x, y] = [lon, lat].map((field) => field.value.trim() === "" ? NaN : Number(field.value.trim().replace(",", ".").replace("\u2212", "-")));
    return Math.abs(x) <= 180 && Math.abs(y) <= 85 ? [x, y] : null;
  }
  function follow() {
    const at = typed();
    if (String(at) === String(pin)) return;
    pin = at;
    right = 0;
    if (pin) {
      if (!inside(across(pin), 12)) near(pin, 100);
      tell();
    } else {
      told.replaceChildren();
      take.hidden = true;
    }
    draw();
  }
  form.addEventListener("input", follow);
  form.addEventListener("reset", () => setTimeout(follow));
  form.elements.place.addEventListener("change", () => {
    const meant = plain(form.elements.place.value), known = places.find((p) => meant && plain(p.name) === meant);
    if (pin) tell();
    else if (known) near(known.at, 120);
  });

  /* fingers and mouse: a tap points, one moves, two change the scale */
  const down = new Map();
  let moved = 0;
  const spot = (event) => {
    const edge = canvas.getBoundingClientRect();
    return [event.clientX - edge.left, event.clientY - edge.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!down.size) moved = 0;
    down.set(event.pointerId, spot(event));
    canvas.setPointerCapture(event.pointerId);
    cross = null;
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = spot(event), other = [...down].find(([id]) => id !== event.pointerId);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (!other) {
      if (moved < TAP) return;  // a finger never stands quite still
      shift(now[0] - before[0], now[1] - before[1]);
    } else {
      moved = Infinity;
      const held = other[1], wide = (at) => Math.max(10, Math.hypot(at[0] - held[0], at[1] - held[1]));
      shift((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      scale(wide(now) / wide(before), (now[0] + held[0]) / 2, (now[1] + held[1]) / 2);
    }
    down.set(event.pointerId, now);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (down.delete(event.pointerId) && !down.size && moved < TAP) point(...spot(event));
  });
  canvas.addEventListener("pointercancel", (event) => { down.delete(event.pointerId); moved = Infinity; });
  canvas.addEventListener("dblclick", (event) => scale(2, ...spot(event)));
  canvas.addEventListener("wheel", (event) => {  // a wheel scrolls the page until the map was clicked on
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    scale(2 ** limit(-event.deltaY / 250, -1, 1), ...spot(event));
  }, { passive: false });

  /* keys */
  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let waiting = 0;
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event, move = MOVES[key];
    if (!move && !["+", "=", "-", "Enter", " ", "Home"].includes(key)) return;
    event.preventDefault();
    const start = cross || pin;
    let [x, y] = start && inside(across(start)) ? across(start) : [view.wide / 2, view.high / 2];
    if (move) [x, y] = [x + move[0] * (event.shiftKey ? 2 : 16), y + move[1] * (event.shiftKey ? 2 : 16)];
    else if (key === "+" || key === "=") scale(2, x, y);
    else if (key === "-") scale(0.5, x, y);
    else if (key === "Home") whole();
    const edge = 24, over = [limit(x, edge, view.wide - edge) - x, limit(y, edge, view.high - edge) - y];
    if (key === "Home") [x, y] = [view.wide / 2, view.high / 2];
    else if (move) shift(...over), [x, y] = [x + over[0], y + over[1]];
    cross = place(x, y);
    if (key === "Enter" || key === " ") { point(x, y); under.textContent = ""; }
    draw();
    clearTimeout(waiting);
    if (key !== "Enter" && key !== " ") waiting = setTimeout(() => { under.textContent = cross ? words.cross + " " + beside(cross) : ""; }, 500);
  });
  canvas.addEventListener("blur", () => { clearTimeout(waiting); cross = null; under.textContent = ""; draw(); });

  /* begin where the report already is */
  new ResizeObserver(() => {
    const first = !view.wide;
    [view.wide, view.high] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(view.wide * (self.devicePixelRatio || 1));
    canvas.height = Math.round(view.high * (self.devicePixelRatio || 1));
    if (!view.wide || !first || view.k) return draw();
    const named = plain(form.elements.place.value), known = places.find((p) => named && plain(p.name) === named);
    whole();
    if (typed()) { view.k = MOST; follow(); near(pin, 100); } else if (known) near(known.at, 120);
  }).observe(canvas);
  canvas.focus({ preventScroll: true });
};
