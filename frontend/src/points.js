// Events as marks of the map: columns of numbers, laid on a net that follows the scale, drawn in one call. Near events
// are one mark, as in the drawing; before and after stay apart. Nothing is sent to a worker and no object made for an event.
const CELL = 20; // pixels between knots of the net at a whole step of the scale
const WHOLE = 60000; // knots: up to here the net lies over all events, beyond over what is seen and half as much around
const [LEAST, EACH, MOST] = [6.8, 2.2, 200]; // surface of a mark, of a death, and deaths of the largest: as in the drawing
const BLUE = [0, 0x72 / 255, 0xb2 / 255];
const ORANGE = [0xd5 / 255, 0x5e / 255, 0];

const VERTEX = `#version 300 es
in vec2 corner; in vec4 mark; // place in the net, radius, 1 = after
uniform vec4 net; uniform vec2 size; uniform vec2 shown;
out vec2 from; out float radius; out float after;
void main() {
  float wide = mark.z + 2.0;
  vec2 at = net.xy + mark.xy * net.zw + corner * wide;
  bool seen = (mark.w > 0.5 ? shown.y : shown.x) > 0.5;
  gl_Position = seen ? vec4((at / size * 2.0 - 1.0) * vec2(1.0, -1.0), 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  from = corner * wide; radius = mark.z; after = mark.w;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 from; in float radius; in float after;
uniform vec3 blue; uniform vec3 orange;
out vec4 colour;
void main() {
  float d = length(from);
  float inside = clamp(radius + 0.5 - d, 0.0, 1.0);
  float line = clamp(radius + (after > 0.5 ? 1.5 : 1.9) - d, 0.0, 1.0) - inside;
  float strength = after > 0.5 ? 0.6 * inside + line : line;
  if (strength <= 0.0) discard;
  colour = vec4((after > 0.5 ? orange : blue) * strength, strength);
}`;

const across = (lon) => (lon + 180) / 360;
const down = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
const longitude = (x) => x * 360 - 180;
const latitude = (y) => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;

// Places come once and days as differences; here every event has its own, in the order of days.
function unpacked(told) {
  const [xs, ys] = [told.lon.map((d) => across(d / 1e4)), told.lat.map((d) => down(d / 1e4))];
  const n = told.at.length;
  const events = { x: new Float64Array(n), y: new Float64Array(n), day: new Int32Array(n), deaths: Int32Array.from(told.deaths) };
  for (let k = 0, day = 0; k < n; k++) {
    events.x[k] = xs[told.at[k]];
    events.y[k] = ys[told.at[k]];
    events.day[k] = day += told.day[k];
  }
  const least = (values, sign) => sign * values.reduce((a, b) => Math.min(a, sign * b), Infinity);
  return { ...events, box: n ? [least(xs, 1), least(ys, 1), least(xs, -1), least(ys, -1)] : [0, 0, 0, 0] };
}

// The first event on or after a day.
function reach(days, day) {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Points {
  constructor(columns) {
    Object.assign(this, { id: "events", type: "custom", renderingMode: "2d", events: unpacked(columns) });
    this.shown = { before: true, after: true };
    this.parts = [[0, 0], [0, 0]];
    this.sums = { knots: 0 };
  }

  // Look at a period; drawn with the next frame of the map, however many periods come before it.
  look({ first, split, last }) {
    const [from, to] = [reach(this.events.day, first), reach(this.events.day, last + 1)];
    const parting = Math.min(Math.max(reach(this.events.day, split), from), to);
    this.parts = [[from, parting], [parting, to]];
    this.net = null;
    this.map?.triggerRepaint();
  }

  show(name, yes) {
    this.shown[name] = yes;
    this.map?.triggerRepaint();
  }

  onAdd(map, gl) {
    this.map = map;
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    this.program = program;
    this.uniform = Object.fromEntries(["net", "size", "shown", "blue", "orange"].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    const corners = new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]);
    this.buffer = [corners, null].map((values, k) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      if (values) gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
      const place = gl.getAttribLocation(program, k ? "mark" : "corner");
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, k ? 4 : 2, gl.FLOAT, false, 0, 0);
      gl.vertexAttribDivisor(place, k);
      return buffer;
    })[1];
    gl.bindVertexArray(null);
  }

  render(gl) {
    const size = CELL / (512 * 2 ** Math.floor(this.map.getZoom()));
    const view = this.view();
    if (!this.net || this.net.size !== size || !holds(this.net, view)) {
      this.net = this.laid(size, view);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
      gl.bufferData(gl.ARRAY_BUFFER, this.net.marks, gl.DYNAMIC_DRAW);
    }
    if (!this.net.marks.length) return;
    const { uniform, map } = this;
    const canvas = map.getContainer();
    gl.useProgram(this.program);
    gl.uniform4f(uniform.net, ...this.pixels());
    gl.uniform2f(uniform.size, canvas.clientWidth, canvas.clientHeight);
    gl.uniform2f(uniform.shown, this.shown.before, this.shown.after);
    gl.uniform3f(uniform.blue, ...BLUE);
    gl.uniform3f(uniform.orange, ...ORANGE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.bindVertexArray(this.array);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.net.marks.length / 4);
    gl.bindVertexArray(null);
  }

  view() {
    const bounds = this.map.getBounds();
    return [across(bounds.getWest()), down(bounds.getNorth()), across(bounds.getEast()), down(bounds.getSouth())];
  }

  // Where the net begins on the screen, and how many pixels its unit is wide and high.
  pixels() {
    const { west, north } = this.net;
    const [a, b] = [[0, 0], [1, 1]].map(([x, y]) => this.map.project([longitude(west + x * 0.01), latitude(north + y * 0.01)]));
    return [a.x, a.y, (b.x - a.x) * 100, (b.y - a.y) * 100];
  }

  laid(size, view) {
    const { x, y, deaths, box } = this.events;
    const knots = ([a, b, c, d]) => [Math.floor(a / size), Math.floor(b / size), Math.floor(c / size) + 1, Math.floor(d / size) + 1];
    const around = ([a, b, c, d]) => [a - (c - a) / 2, b - (d - b) / 2, c + (c - a) / 2, d + (d - b) / 2];
    let [left, top, right, bottom] = knots(box);
    const whole = (right - left) * (bottom - top) <= WHOLE;
    if (!whole) [left, top, right, bottom] = knots(around(view));
    const [wide, high] = [right - left, bottom - top];
    const [marks, places] = [[], []];
    let most = MOST;
    this.parts.forEach(([from, to], after) => {
      const sums = this.cleared(wide * high);
      for (let k = from; k < to; k++) {
        const [column, row] = [Math.floor(x[k] / size) - left, Math.floor(y[k] / size) - top];
        if (column < 0 || row < 0 || column >= wide || row >= high) continue;
        const knot = row * wide + column;
        sums.n[knot]++;
        sums.x[knot] += x[k];
        sums.y[knot] += y[k];
        if (deaths[k] > 0) sums.deaths[knot] += deaths[k];
      }
      for (let knot = 0; knot < wide * high; knot++) {
        const n = sums.n[knot];
        if (!n) continue;
        most = Math.max(most, sums.deaths[knot]);
        marks.push(sums.x[knot] / n - left * size, sums.y[knot] / n - top * size, sums.deaths[knot], after);
        places.push([left + (knot % wide), top + Math.floor(knot / wide)]);
      }
    });
    const each = (EACH * MOST) / most; // the most struck place keeps the size it has in the drawing
    for (let k = 2; k < marks.length; k += 4) marks[k] = Math.sqrt(LEAST + each * marks[k]);
    return { size, whole, west: left * size, north: top * size, east: right * size, south: bottom * size, marks: new Float32Array(marks), places };
  }

  cleared(knots) {
    if (this.sums.knots < knots) this.sums = { knots, n: new Uint32Array(knots), x: new Float64Array(knots), y: new Float64Array(knots), deaths: new Float64Array(knots) };
    for (const name of ["n", "x", "y", "deaths"]) this.sums[name].fill(0, 0, knots);
    return this.sums;
  }

  // The place in `marks` of the one under a point of the screen; null where there is none.
  under({ x, y }) {
    if (!this.net) return null;
    const [left, top, wide, high] = this.pixels();
    const { marks } = this.net;
    let [best, nearest] = [null, Infinity];
    for (let k = 0; k < marks.length; k += 4) {
      if (!this.shown[marks[k + 3] ? "after" : "before"]) continue;
      const far = Math.hypot(left + marks[k] * wide - x, top + marks[k + 1] * high - y);
      if (far <= marks[k + 2] + 5 && far <= nearest) [best, nearest] = [{ k }, far];
    }
    return best;
  }

  // What is shown at the knot of the mark under a point: how many events, and the box around them in degrees.
  at(point) {
    const found = this.under(point);
    if (!found) return null;
    return this.inside(...this.net.places[found.k / 4]);
  }

  inside(column, row) {
    const { x, y } = this.events;
    const { size } = this.net;
    let n = 0;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const shown = this.parts.filter((_, after) => this.shown[after ? "after" : "before"]);
    for (const [from, to] of shown)
      for (let k = from; k < to; k++) {
        if (Math.floor(x[k] / size) !== column || Math.floor(y[k] / size) !== row) continue;
        n++;
        [box[0], box[1]] = [Math.min(box[0], x[k]), Math.min(box[1], y[k])];
        [box[2], box[3]] = [Math.max(box[2], x[k]), Math.max(box[3], y[k])];
      }
    return { n, box: [longitude(box[0]), latitude(box[3]), longitude(box[2]), latitude(box[1])] };
  }
}

const holds = (net, [a, b, c, d]) => net.whole || (net.west <= a && net.north <= b && net.east >= c && net.south >= d);
