// The map that moves is large: it is loaded when the reader asks for it, and without asking from then on.
const CHOICE = "toguna-map";

function remembered() {
  try {
    return localStorage.getItem(CHOICE) === "open";
  } catch {
    return false;
  }
}

function load(place) {
  return new Promise((done, failed) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = place.dataset.style;
    document.head.append(style);
    const script = document.createElement("script");
    script.src = place.dataset.script;
    script.onload = done;
    script.onerror = () => failed(new Error("the script could not be loaded"));
    document.head.append(script);
  });
}

async function open(place, offer) {
  const told = JSON.parse(place.dataset.map);
  const button = offer.querySelector("button");
  button.disabled = true;
  try {
    if (!window.togunaMap) await load(place);
    await window.togunaMap(place, told);
    place.closest("figure").classList.add("opened");
    try {
      localStorage.setItem(CHOICE, "open");
    } catch {
      // a browser that keeps nothing asks again next time
    }
  } catch (error) {
    console.error(error);
    place.hidden = true;
    offer.textContent = told.words.failed;
  }
}

export function offerMap(place) {
  if (!place) return;
  const offer = document.getElementById("offer");
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => open(place, offer));
  if (remembered()) open(place, offer);
}
