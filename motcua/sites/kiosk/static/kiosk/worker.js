/* worker.js: the kiosk while the server is away; see docs/reference/kiosk.md. `self.motcua` comes before this text.
   It keeps the page, its sheets, fonts and scripts, and the list of parts it came with. Nothing else is ever written:
   what a visitor types, takes or scans is no part of the list. */

const { version, page, shell, parts } = self.motcua;
const NAME = `kiosk-${version}-${hash(JSON.stringify(self.motcua))}`;
const PATIENCE = 3000; // ms for an answer before what is kept is shown
const LANGUAGES = ["vi", "en"];
const kept = new Set(parts);

function hash(text) {
  let number = 5381;
  for (const one of text) number = (number * 33 + one.codePointAt(0)) % 4294967296;
  return number.toString(36);
}

/* Parts come in the visitor's language, which stands in a header: each is kept under an address of its own. */
const place = (url, language) => `${url}${url.includes("?") ? "&" : "?"}kept=${language}`;

async function store(cache, url, key = url, init = {}) {
  const answer = await fetch(url, { ...init, cache: "no-store", redirect: "manual", credentials: "same-origin" });
  if (answer.ok) await cache.put(key, answer.clone());
  return answer;
}

/* Sheets name fonts and pictures of ours: they are kept with them. */
async function sheet(cache, url) {
  const answer = await store(cache, url);
  if (!answer.ok || !url.includes(".css")) return;
  const named = [...(await answer.text()).matchAll(/url\(["']?([^"')]+)/g)].map(([, one]) => new URL(one, new URL(url, location)));
  for (const one of named) {
    if (one.origin === location.origin && one.pathname.startsWith("/static/")) await store(cache, one.pathname).catch(() => {});
  }
}

async function fill() {
  const cache = await caches.open(NAME);
  await store(cache, page);
  for (const language of LANGUAGES) {
    for (const url of parts) {
      const answer = await store(cache, url, place(url, language), { headers: { "X-Kiosk": language } });
      if (answer.type === "opaqueredirect") return forget(); // not paired any more
    }
  }
}

async function forget() {
  for (const one of await caches.keys()) if (one.startsWith("kiosk-")) await caches.delete(one);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    await store(cache, page);
    for (const url of shell) await sheet(cache, url);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const one of await caches.keys()) if (one.startsWith("kiosk-") && one !== NAME) await caches.delete(one);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "fill") event.waitUntil(fill().catch(() => {}));
});

async function patient(request) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  try {
    return await fetch(request, { signal: limit.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function networkFirst(request, key) {
  try {
    const answer = await patient(request);
    if (answer.status < 500) return answer;
    return (await (await caches.open(NAME)).match(key)) ?? answer;
  } catch (fault) {
    const known = await (await caches.open(NAME)).match(key);
    if (known) return known;
    throw fault;
  }
}

async function start(request) {
  const answer = await networkFirst(request, page);
  if (answer.type === "opaqueredirect") await forget(); // not paired any more
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const path = url.pathname + url.search;
  if (request.mode === "navigate" && url.pathname === page) event.respondWith(start(request));
  else if (shell.includes(path) || url.pathname.startsWith("/static/")) {
    event.respondWith(caches.open(NAME).then((cache) => cache.match(path)).then((known) => known ?? fetch(request)));
  } else if (kept.has(path)) {
    event.respondWith(networkFirst(request, place(path, request.headers.get("X-Kiosk") === "en" ? "en" : "vi")));
  }
});
