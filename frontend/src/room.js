// What every page has: parts of a page fetched again without loading the whole, and the tools of the map page.
import htmx from "htmx.org/dist/htmx.esm.js";
import { offerMap } from "./offer.js";
import { bindMonths } from "./months.js";
import { bindTime } from "./time.js";

window.htmx = htmx;
htmx.config.includeIndicatorStyles = false; // the policy of the room forbids inline styles
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0; // pages may be confidential: nothing stays in the browser's store

// On a telephone the pages are a strip wider than the screen: the one that is open is moved into sight.
function showPlace() {
  const here = document.querySelector("nav.pages [aria-current]");
  const strip = here?.closest("ul");
  if (strip) strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left - 60;
}

// A page that waits for something looks again by itself; it is loaded anew only once that is there, so that
// whoever reads or listens is not interrupted before.
function lookAgain() {
  const waiting = document.querySelector("[data-again]");
  if (!waiting) return;
  const pause = 1000 * Number(waiting.dataset.again);
  const look = async () => {
    const text = await fetch(location.href).then((got) => got.text(), () => "");
    const now = new DOMParser().parseFromString(text, "text/html");
    const next = now.querySelector("[data-again]");
    if (now.querySelector("main") && !next) return location.reload();
    if (next && next.textContent !== waiting.textContent) waiting.textContent = next.textContent;
    return setTimeout(look, pause);
  };
  setTimeout(look, pause);
}

function begin() {
  showPlace();
  lookAgain();
  const form = document.getElementById("period");
  if (form) bindTime(form);
  const months = document.getElementById("when");
  if (months) bindMonths(months);
  offerMap(document.getElementById("moving"));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
