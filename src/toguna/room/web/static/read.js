/* The page of one text, made quicker where scripts run: words of the field in hand, and keys.
   Without this file the page works all the same. */
"use strict";
(() => {
  const drafts = [...document.querySelectorAll(".draft")];
  const prose = document.querySelector(".prose");
  const keys = document.querySelector("[data-keys]");
  const on = document.getElementById("keys-on");
  if (!keys || !drafts.length) return;
  keys.hidden = false;

  /* words of the field in hand */
  const marks = new Map();
  for (const mark of document.querySelectorAll("mark[data-f]"))
    for (const id of mark.dataset.f.trim().split(/\s+/)) marks.set(id, [...(marks.get(id) || []), mark]);
  const light = (id) => {
    document.querySelectorAll("mark.lit").forEach((mark) => mark.classList.remove("lit"));
    const found = marks.get(id) || [];
    found.forEach((mark) => mark.classList.add("lit"));
    if (!found.length || !prose || prose.scrollHeight <= prose.clientHeight) return;
    prose.scrollTop += found[0].getBoundingClientRect().top - prose.getBoundingClientRect().top - prose.clientHeight / 3;
  };

  /* the draft in hand */
  const open = () => drafts.filter((draft) => draft.classList.contains("open") && !draft.classList.contains("asked"));
  let now = null;
  const take = (draft) => {
    if (!draft) return;
    drafts.forEach((other) => other.classList.toggle("now", other === draft));
    now = draft;
  };
  const go = (step) => {
    const waiting = open();
    if (!waiting.length) return;
    const at = waiting.indexOf(now);
    const next = waiting[at < 0 ? 0 : (at + step + waiting.length) % waiting.length];
    take(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  };
  document.addEventListener("focusin", (event) => {
    take(event.target.closest(".draft"));
    light(event.target.id);
  });
  take((/^#d\d+$/.test(location.hash) && document.querySelector(location.hash)) || open()[0] || drafts[0]);

  /* keys: only where nothing is typed, and only while the box is ticked */
  const KEPT = "toguna-read-keys";
  try { on.checked = localStorage.getItem(KEPT) !== "off"; } catch (error) { /* no storage: keys are on */ }
  on.addEventListener("change", () => {
    try { localStorage.setItem(KEPT, on.checked ? "on" : "off"); } catch (error) { /* it holds for this page */ }
  });
  let sent = false;
  const press = {
    n: () => go(1),
    p: () => go(-1),
    a: () => {
      const button = now.querySelector("button.accept");
      if (!button || sent || !now.classList.contains("open")) return;
      sent = true;  // a key that is held down accepts one draft
      button.click();
    },
    e: () => now.querySelector(".line input, .line select, .line textarea")?.focus(),
    r: () => {
      const part = now.querySelector("details.reject");
      if (!part) return;
      part.open = true;
      part.querySelector("select").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (!on.checked || typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !now) return;
    const act = press[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  window.addEventListener("pageshow", () => { sent = false; });
})();
