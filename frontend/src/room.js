// What every page has: parts of a page fetched again without loading the whole.
import htmx from "htmx.org/dist/htmx.esm.js";
import { offerMap } from "./offer.js";

window.htmx = htmx;
htmx.config.includeIndicatorStyles = false; // the policy of the room forbids inline styles
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0; // pages may be confidential: nothing stays in the browser's store

offerMap(document.querySelector("[data-map]"));
