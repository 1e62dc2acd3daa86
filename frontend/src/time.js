// The period of the map page: drawn over the bars, or parted with the slider; both write the form's own fields.
const DAY = 86400000;
export const toDay = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);
export const toText = (day) => new Date(day * DAY).toISOString().slice(0, 10);

// Tell everybody on the page which days are looked at, while they are still being chosen.
function announce(form) {
  const value = (name) => toDay(form.elements[name].value);
  const detail = { first: value("from"), split: value("split"), last: value("to") };
  if (Number.isFinite(detail.first + detail.split + detail.last))
    document.dispatchEvent(new CustomEvent("toguna:period", { detail }));
}

function settle(form) {
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

export function bindTime(form) {
  const svg = form.querySelector(".histogram");
  const slide = form.querySelector("#slide");
  form.addEventListener("input", (event) => {
    if (event.target !== slide) announce(form);
  });
  if (!svg) return;
  const start = toDay(svg.dataset.start);
  const end = toDay(svg.dataset.end);
  const width = svg.viewBox.baseVal.width;
  const brush = svg.querySelector(".brush");
  const split = svg.querySelector(".split");
  const { from, to, split: parting } = form.elements;
  const x = (day) => Math.min(Math.max(((day - start) / (end - start + 1)) * width, 0), width);

  function draw() {
    const [a, s, b] = [from, parting, to].map((field) => toDay(field.value));
    if (!Number.isFinite(a + s + b)) return;
    brush.setAttribute("x", x(a));
    brush.setAttribute("width", Math.max(x(b + 1) - x(a), 0.5));
    split.setAttribute("x1", x(s));
    split.setAttribute("x2", x(s));
    slide.min = a;
    slide.max = b;
    slide.value = s;
    slide.setAttribute("aria-valuetext", parting.value);
  }

  function choose(one, other) {
    const [a, b] = [Math.min(one, other), Math.max(one, other)];
    from.value = toText(a);
    to.value = toText(b);
    parting.value = toText(Math.min(Math.max(toDay(parting.value) || a, a), b));
    draw();
    announce(form);
  }

  let pressed = null;
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return Math.min(start + Math.floor(share * (end - start + 1)), end);
  };
  svg.addEventListener("pointerdown", (event) => {
    pressed = at(event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (pressed !== null && at(event) !== pressed) choose(pressed, at(event));
  });
  svg.addEventListener("pointerup", (event) => {
    if (pressed !== null && at(event) !== pressed) settle(form);
    pressed = null;
  });
  svg.addEventListener("pointercancel", () => (pressed = null));
  slide.addEventListener("input", () => {
    parting.value = toText(Number(slide.value));
    draw();
    announce(form);
  });
  for (const field of [from, to, parting]) field.addEventListener("change", draw);
  for (const shown of [slide, form.querySelector("label[for=slide]"), form.querySelector("#brush-how")])
    shown.hidden = false;
  draw();
}
