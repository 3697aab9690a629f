/*
 * Opens /door without a network. Registered for that path alone. A page is asked for from the network first, so no old version lingers;
 * files whose names hold a hash of their content are taken from the cache. The API is never touched.
 * vite-door-worker.ts puts the names of the files, and a version that changes with them, in the place of the two words below.
 */
const files = ["/index.html"];
const cacheName = "door-VERSION";
/** A network that is there but carries nothing must not keep the door shut. */
const patienceMs = 3000;

self.addEventListener("install", (event) => {
  // "reload": past the browser's own cache, which may hold an index.html of before.
  const wanted = files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(wanted))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith("door-") && name !== cacheName).map((name) => caches.delete(name)),
    );
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(networkFirst(request, "/index.html"));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(cacheFirst(request));
  else if (files.includes(url.pathname)) event.respondWith(networkFirst(request, url.pathname));
});

async function networkFirst(request, kept) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(patienceMs) });
  } catch {
    return (await caches.match(kept, { cacheName, ignoreVary: true })) ?? Response.error();
  }
}

async function cacheFirst(request) {
  return (await caches.match(request, { cacheName, ignoreVary: true })) ?? fetch(request);
}
