// The month of the genealogy: a slider under the field, which does without it; both ask for the same picture.
const toNumber = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
const toText = (month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;

export function bindMonths(form) {
  const field = form.elements.on;
  const slide = form.querySelector("#months");
  const follow = () => {
    slide.value = toNumber(field.value);
    slide.setAttribute("aria-valuetext", field.value);
  };
  slide.min = toNumber(form.dataset.first);
  slide.max = toNumber(form.dataset.last);
  slide.addEventListener("input", () => {
    field.value = toText(Number(slide.value));
    slide.setAttribute("aria-valuetext", field.value);
  });
  field.addEventListener("change", follow);
  for (const shown of [slide, form.querySelector("label[for=months]")]) shown.hidden = false;
  follow();
}
