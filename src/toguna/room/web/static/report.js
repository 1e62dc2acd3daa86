/* The form of reports, made better where scripts run: draft, places while typing, position, waiting reports.
   Without this file the form works all the same. */
"use strict";
(() => {
  const queue = self.reportQueue;
  const form = document.getElementById("report");
  const line = document.getElementById("line");
  const words = (form || line).dataset;
  const theatre = words.theatre;
  const safe = window.isSecureContext && "indexedDB" in window && self.crypto && crypto.subtle;

  const say = (parts) => {
    line.hidden = parts.length === 0;
    line.replaceChildren(...parts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  };

  async function tell(result, also) {
    const parts = result.waiting ? [...also] : [];
    if (result.sent.length) parts.push(words.saySent + " " + result.sent.length);
    if (result.waiting) parts.push(words.sayWaiting + " " + result.waiting);
    if (result.waiting && result.login && navigator.onLine) parts.push(words.sayLogin);
    result.refused.forEach((text) => parts.push(words.sayRefused + " " + text));
    say(parts);
  }

  /* `also` is said while reports still wait: a browser may believe in a line that is not there. */
  async function flush(also = []) {
    if (safe && (await queue.all()).length) await tell(await queue.flush(), also);
  }

  async function begin() {
    if (!safe) return;
    if (words.owner) await queue.remember(words.owner);
    await flush();
    window.addEventListener("online", () => flush());
    setInterval(() => navigator.onLine && flush(), 60000);
    if (form && words.owner && "serviceWorker" in navigator) {
      const address = "/report-worker.js?v=" + words.version + "&t=" + encodeURIComponent(theatre) + "&l=" + words.lang;
      navigator.serviceWorker.register(address, { scope: "/t/" + encodeURIComponent(theatre) + "/report" })
        .catch(() => {});  // the form works without it
    }
  }
  begin();
  if (!form) return;

  /* draft */
  const DRAFT = "toguna-draft-" + theatre, THREE_DAYS = 3 * 86400000;
  const NOT_KEPT = new Set(["csrf", "photo", "sent_at"]);
  const texts = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (!NOT_KEPT.has(name) && typeof value === "string") found[name] = value;
    return found;
  };
  const forget = () => { clearTimeout(timer); try { localStorage.removeItem(DRAFT); } catch (error) { /* no storage: no draft */ } };
  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(DRAFT)); } catch (error) { return; }
    if (!kept) return;
    if (Date.now() - kept.at > THREE_DAYS) { forget(); return; }
    if (form.dataset.fresh !== "yes") return;
    for (const field of form.elements) {
      if (!field.name || NOT_KEPT.has(field.name) || !(field.name in kept.fields)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = kept.fields[field.name] === field.value;
      else field.value = kept.fields[field.name];
    }
    document.getElementById("draft").hidden = false;
  }
  const unfold = () => document.querySelectorAll("#report details").forEach((part) => {
    part.open = part.open || [...part.querySelectorAll(".wrong, input.number")].some((held) => held.value !== "");
  });
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try { localStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), fields: texts() })); } catch (error) { /* full */ }
    }, 400);
  });
  document.getElementById("forget").addEventListener("click", () => {
    forget();
    form.reset();
    form.elements.uuid.value = fresh();
    document.getElementById("draft").hidden = true;
  });
  const fresh = () => crypto.randomUUID ? crypto.randomUUID()
    : ("" + [1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
  restore();
  unfold();  // what was filled in is seen
  if (!form.elements.uuid.value) form.elements.uuid.value = fresh();
  const faults = document.getElementById("faults");
  if (faults) faults.focus();

  /* places while typing */
  const list = document.getElementById("places");
  let asked = 0;
  form.elements.place.addEventListener("input", (event) => {
    const typed = event.target.value.trim(), number = ++asked;
    if (typed.length < 2 || !navigator.onLine) return;
    setTimeout(async () => {
      if (number !== asked) return;
      try {
        const answered = await fetch("/t/" + encodeURIComponent(theatre) + "/places?q=" + encodeURIComponent(typed));
        const found = (await answered.json()).places;
        if (number === asked) list.replaceChildren(...found.map((p) => new Option(p.title, p.title)));
      } catch (error) { /* no suggestions */ }
    }, 250);
  });

  /* position, when the person agrees */
  const box = document.querySelector(".position"), button = document.getElementById("position");
  const said = document.getElementById("position-said"), consent = document.getElementById("position-consent");
  if (window.isSecureContext && "geolocation" in navigator) {
    box.hidden = false;
    button.addEventListener("click", () => {
      if (!consent.checked) { said.textContent = words.sayConsent; consent.focus(); return; }
      said.textContent = "…";
      navigator.geolocation.getCurrentPosition((found) => {
        form.elements.lat.value = found.coords.latitude.toFixed(4);
        form.elements.lon.value = found.coords.longitude.toFixed(4);
        said.textContent = "";
        form.dispatchEvent(new Event("input"));
      }, () => { said.textContent = words.sayNowhere; }, { enableHighAccuracy: true, timeout: 30000 });
    });
  }

  /* the map, which weighs more than the form: nothing of it crosses the line before it is asked for */
  const script = (address, signal) => new Promise((done, failed) => {
    signal.addEventListener("abort", failed);
    const held = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed });
    document.head.append(held);
  });
  const picker = document.querySelector(".picker"), opener = document.getElementById("open-map");
  if (picker && "fetch" in window && "ResizeObserver" in window) {
    const summary = document.getElementById("where-else"), mapTold = document.getElementById("map-told");
    summary.textContent = summary.dataset.sayMapped;
    picker.hidden = false;
    opener.addEventListener("click", async () => {
      opener.disabled = true;
      mapTold.textContent = "…";
      const patience = new AbortController(), timer = setTimeout(() => patience.abort(), 60000);
      try {
        const address = "/t/" + encodeURIComponent(theatre) + "/report/map.json?lang=" + words.lang;
        const [answered] = await Promise.all([fetch(address, { signal: patience.signal }), script("/static/picker.js?v=" + words.version, patience.signal)]);
        const ground = await answered.json();
        opener.hidden = true;
        mapTold.textContent = "";
        self.reportPicker(picker, ground, form);
        const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration() && await navigator.serviceWorker.ready;
        if (worker) worker.active.postMessage("keep-map");  // from now on it opens without a line
      } catch (error) {
        mapTold.textContent = words.sayNoMap;
        opener.disabled = false;
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /* a photo is made small before it crosses a bad line; what is drawn anew bears no metadata */
  async function small(file) {
    if (!file || !file.size) return null;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = Object.assign(document.createElement("canvas"),
        { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.8));
    } catch (error) {
      return file;  // the room says what is wrong with it
    }
  }

  /* sending: straight when there is a line, else sealed and kept */
  const send = document.getElementById("send");
  form.addEventListener("submit", async (event) => {
    if (!safe) return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    send.disabled = true;
    say([words.saySending]);
    form.elements.sent_at.value = new Date().toISOString();
    const photo = await small(form.elements.photo.files[0]);
    try {
      if (!(navigator.onLine && form.elements.csrf && await straight(photo))) await keep(photo);
    } finally {
      send.disabled = false;
    }
  });

  async function straight(photo) {
    const body = new FormData(form);
    body.delete("photo");
    if (photo) body.append("photo", photo, "photo.jpg");
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), 45000);
    try {
      const answered = await fetch(form.action, { method: "POST", body, headers: { "X-Report": "script" }, signal: patience.signal });
      if (answered.status === 201) {
        forget();
        location.assign((await answered.json()).location);
        return true;
      }
      if (answered.status !== 400) return false;
      const page = new DOMParser().parseFromString(await answered.text(), "text/html");
      const errors = page.getElementById("faults") || page.querySelector(".said");
      if (!errors) return false;
      correct(page);
      return true;
    } catch (error) {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  /* Put the corrections of the room beside the fields; the fields keep what was typed, the photo stays chosen. */
  function correct(page) {
    say([]);
    document.querySelectorAll("#faults, #candidates, main > .said, #report .wrong").forEach((old) => old.remove());
    document.querySelectorAll("#report [aria-invalid]").forEach((old) => old.removeAttribute("aria-invalid"));
    page.querySelectorAll("#report .wrong").forEach((told) => {
      const holder = document.getElementById(told.closest(".field").id);
      const before = holder.querySelector("input, select, textarea");
      (before.parentElement === holder ? before : before.parentElement).before(document.importNode(told, true));
      before.setAttribute("aria-invalid", "true");
    });
    const choice = page.getElementById("candidates");
    if (choice) document.getElementById("f-place").after(document.importNode(choice, true));
    const errors = page.getElementById("faults") || page.querySelector("main > .said");
    const shown = document.importNode(errors, true);
    shown.tabIndex = -1;
    document.querySelector("main h1").after(shown);
    unfold();
    shown.focus();
    shown.scrollIntoView();
  }

  async function keep(photo) {
    const uuid = form.elements.uuid.value, fields = texts();
    delete fields.uuid;
    fields.sent_at = form.elements.sent_at.value;
    const sealed = await queue.seal(words.key, uuid, fields, photo);
    await queue.put({ uuid, theatre, sealed, owner: (await queue.owner()) || "", at: Date.now() });
    forget();
    form.reset();
    form.elements.uuid.value = fresh();
    say([words.sayKept]);
    line.scrollIntoView();
    const worker = await (navigator.serviceWorker ? navigator.serviceWorker.getRegistration() : null);
    if (worker && "sync" in worker) worker.sync.register("toguna-reports").catch(() => {});
    if (navigator.onLine) await flush([words.sayKept]);
  }
})();
