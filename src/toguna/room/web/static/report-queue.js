/* The queue of reports on this telephone: sealed for the room, sent when the line is back, each once.
   Used by the form (report.js) and by the service worker; no report is ever stored here readable. */
"use strict";
self.reportQueue = (() => {
  const NAME = "toguna-reports", STORE = "queue", META = "meta";
  const INFO = new TextEncoder().encode("toguna report 1");

  const open = () => new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(STORE, { keyPath: "uuid" });
      asked.result.createObjectStore(META);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  async function within(store, mode, act) {
    const db = await open();
    try {
      return await new Promise((done, failed) => {
        const work = db.transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
        const asked = act(work.objectStore(store));
        work.oncomplete = () => done(asked && asked.result);
        work.onerror = work.onabort = () => failed(work.error);
      });
    } finally {
      db.close();
    }
  }

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - text.length % 4) % 4));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  };

  /* A fresh key for every report; its private half is forgotten here and now. */
  async function seal(publicKey, uuid, fields, photo) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", bytes(publicKey), curve, false, []);
    const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: INFO };
    const key = await crypto.subtle.deriveKey(hkdf, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const told = new TextEncoder().encode(JSON.stringify(fields));
    const picture = photo ? new Uint8Array(await photo.arrayBuffer()) : new Uint8Array();
    const plain = new Uint8Array(4 + told.length + picture.length);
    new DataView(plain.buffer).setUint32(0, told.length);
    plain.set(told, 4);
    plain.set(picture, 4 + told.length);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(uuid) };
    return new Blob([point, nonce, await crypto.subtle.encrypt(how, key, plain)]);
  }

  const put = (entry) => within(STORE, "readwrite", (s) => s.put(entry));
  const drop = (uuid) => within(STORE, "readwrite", (s) => s.delete(uuid));
  const all = () => within(STORE, "readonly", (s) => s.getAll());
  const owner = () => within(META, "readonly", (s) => s.get("owner"));
  const remember = (name) => within(META, "readwrite", (s) => s.put(name, "owner"));

  /* Send what waits; say {sent, waiting, refused, login}. Two may run at once: the room takes each report once. */
  async function flush() {
    const result = { sent: [], waiting: 0, refused: [], login: false };
    const tickets = {};
    for (const entry of await all()) {
      if (entry.refused) { result.refused.push(entry.refused); continue; }
      try {
        const base = "/t/" + encodeURIComponent(entry.theatre) + "/report/";
        if (!(entry.theatre in tickets)) {
          const asked = await fetch(base + "ticket", { cache: "no-store" });
          const json = (asked.headers.get("content-type") || "").startsWith("application/json");
          tickets[entry.theatre] = asked.ok && json ? await asked.json() : null;
        }
        const ticket = tickets[entry.theatre];
        // Who waits here goes out under the session of the same person only.
        if (!ticket || (entry.owner && entry.owner !== ticket.owner)) {
          result.login = true; result.waiting += 1; continue;
        }
        const answered = await fetch(base + "sealed", {
          method: "POST", body: entry.sealed, cache: "no-store",
          headers: { "Content-Type": "application/octet-stream", "X-Csrf": ticket.csrf, "X-Report-Id": entry.uuid },
        });
        if (answered.status === 201) {
          await drop(entry.uuid); result.sent.push(entry.at);
        } else if (answered.status === 400 || answered.status === 413) {
          const told = answered.status === 400 ? (await answered.json()).wrong : "413";
          await put({ ...entry, refused: told }); result.refused.push(told);
        } else {
          result.waiting += 1;
        }
      } catch (error) {
        result.waiting += 1;
      }
    }
    return result;
  }

  return { seal, put, drop, all, flush, owner, remember };
})();
