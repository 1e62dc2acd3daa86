/* Service worker of the form of reports. It keeps the empty form and its styles and scripts, nothing else: no
   page with a report, a name or an assessment. It sends the queue when the browser says the line is back. */
"use strict";
const told = new URL(self.location).searchParams;
const VERSION = told.get("v") || "", THEATRE = told.get("t") || "", LANG = told.get("l") || "fr";
const KEPT = "toguna-report-" + VERSION + "-" + THEATRE + "-" + LANG;
const FORM = "/t/" + encodeURIComponent(THEATRE) + "/report";
const OFFLINE = FORM + "/offline?lang=" + LANG;
const ASSETS = ["/style.css", "/static/report.js", "/static/report-queue.js"].map((path) => path + "?v=" + VERSION);
importScripts("/static/report-queue.js?v=" + VERSION);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    for (const address of [OFFLINE, ...ASSETS]) {
      const answered = await fetch(address, { cache: "reload", redirect: "error" });
      if (!answered.ok) throw new Error(address);
      await cache.put(address, answered);
    }
    await self.skipWaiting();
  })());
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
  else if (ASSETS.includes(address.pathname + address.search)) event.respondWith(kept(asked));
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
  return (await caches.match(asked, { cacheName: KEPT })) || fetch(asked);
}

self.addEventListener("sync", (event) => {
  if (event.tag === "toguna-reports") event.waitUntil((async () => {
    const result = await self.reportQueue.flush();
    if (result.waiting) throw new Error("the line broke again");  // the browser tries again later
  })());
});
