/* Service worker of the form of reports. It keeps the empty form, its styles and scripts, and its map once a
   reporter opened it; nothing else: no page with a report, a name or an assessment. It sends the queue when the
   browser says the line is back. */
"use strict";
const told = new URL(self.location).searchParams;
const VERSION = told.get("v") || "", THEATRE = told.get("t") || "", LANG = told.get("l") || "fr";
const KEPT = "toguna-report-" + VERSION + "-" + THEATRE + "-" + LANG;
const FORM = "/t/" + encodeURIComponent(THEATRE) + "/report";
const OFFLINE = FORM + "/offline?lang=" + LANG;
const ASSETS = ["/style.css", "/static/report.js", "/static/report-queue.js"].map((path) => path + "?v=" + VERSION);
const MAP = [FORM + "/map.json?lang=" + LANG, "/static/picker.js?v=" + VERSION];
importScripts("/static/report-queue.js?v=" + VERSION);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const mapped = await caches.match(MAP[0], { ignoreVary: true });  // kept by an older worker
    await keep([OFFLINE, ...ASSETS, ...(mapped ? MAP : [])]);
    await self.skipWaiting();
  })());
});

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  for (const address of addresses) {
    const answered = await fetch(address, { cache: "no-cache", redirect: "error" });
    if (!answered.ok) throw new Error(address);
    await cache.put(address, answered);
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "keep-map") event.waitUntil(keep(MAP).catch(() => {}));  // without a line what is there stays
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const older = (await caches.keys()).filter((name) => name.startsWith("toguna-report-") && name !== KEPT);
    await Promise.all(older.filter((name) => name.endsWith("-" + THEATRE + "-" + LANG)
      || !name.startsWith("toguna-report-" + VERSION)).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const asked = event.request, address = new URL(asked.url);
  if (asked.method !== "GET" || address.origin !== self.location.origin) return;
  if (asked.mode === "navigate" && address.pathname === FORM) event.respondWith(form(asked));
  else if ([...ASSETS, ...MAP].includes(address.pathname + address.search)) event.respondWith(kept(asked));
});

async function form(asked) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 10000);
  try {
    return await fetch(asked.url, { credentials: "same-origin", redirect: "manual", signal: patience.signal });
  } catch (error) {
    return (await caches.match(OFFLINE, { cacheName: KEPT })) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function kept(asked) {
  return (await caches.match(asked, { cacheName: KEPT, ignoreVary: true })) || fetch(asked);
}

self.addEventListener("sync", (event) => {
  if (event.tag === "toguna-reports") event.waitUntil((async () => {
    const result = await self.reportQueue.flush();
    if (result.waiting) throw new Error("the line broke again");  // the browser tries again later
  })());
});
