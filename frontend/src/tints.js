// Colours of areas: fronts, or four classes of a number, with the words that say what each colour means.
const LAND = "#f4f1ea";
const FRONT = "#fde3c4";
const NONE = "#ffffff";
const CLASSES = ["#e8e8e8", "#cdcdcd", "#adadad", "#8a8a8a"]; // greys: blue rings and orange discs stay seen on them

function swatch(colour, text) {
  const item = document.createElement("li");
  const mark = document.createElement("span");
  mark.className = "swatch";
  mark.style.background = colour;
  item.append(mark, ` ${text}`);
  return item;
}

function matched(pairs, otherwise) {
  const seen = pairs.filter(([names]) => names.length);
  if (!seen.length) return otherwise;
  return ["match", ["get", "name"], ...seen.flatMap(([names, colour]) => [names, colour]), otherwise];
}

export function tints(wanted, layers, told) {
  if (wanted === "fronts") return { expression: matched([[layers.fronts, FRONT]], LAND), legend: [] };
  const values = numbers(wanted, layers);
  const sorted = [...new Set(Object.values(values))].sort((a, b) => a - b);
  if (!sorted.length) return { expression: LAND, legend: [] };
  const many = Math.min(CLASSES.length, sorted.length);
  const bounds = Array.from({ length: many }, (_, k) => sorted[Math.floor((k * sorted.length) / many)]);
  const classOf = (value) => bounds.filter((bound) => value >= bound).length - 1;
  const colours = CLASSES.slice(CLASSES.length - many);
  const pairs = colours.map((colour, k) => [Object.keys(values).filter((name) => classOf(values[name]) === k), colour]);
  const say = (value) => value.toLocaleString(told.lang, { maximumFractionDigits: 1 });
  const legend = colours.map((colour, k) => {
    const inside = sorted.filter((value) => classOf(value) === k);
    const [low, high] = [inside[0], inside[inside.length - 1]];
    return swatch(colour, low === high ? say(low) : `${say(low)} – ${say(high)}`);
  });
  return { expression: matched(pairs, NONE), legend: [...legend, swatch(NONE, told.words.unknown)] };
}

function numbers(wanted, layers) {
  const found = {};
  if (wanted === "forecasts") for (const [name, f] of Object.entries(layers.forecasts)) found[name] = f.sum;
  const driver = layers.drivers.find((d) => `driver:${d.id}` === wanted);
  if (driver) for (const [name, v] of Object.entries(driver.areas)) found[name] = v.value;
  return found;
}
