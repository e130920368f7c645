// Keeps today's list of appointments on a telephone whose owner asked for it, for where there is no signal. It goes at midnight, when
// somebody signs out or has to sign in, and when it is not wanted any more.
const KEPT = "day";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (pathname.endsWith("/esci") || (request.mode === "navigate" && /\/entra(\/|$)/.test(pathname))) event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET") return;
  const isDay = request.mode === "navigate" && pathname.endsWith("/ente") && search === "";
  if (isDay || /\.(css|js|woff2|svg)$/.test(pathname)) event.respondWith(answer(request));
});

// What the network says, and a copy of it; without a network the copy, if it is of today.
async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !fresh.redirected) await kept.put(request, fresh.clone());
    return fresh;
  } catch (away) {
    const copy = await kept.match(request);
    const isOfToday = copy && new Date(copy.headers.get("date")).toDateString() === new Date().toDateString();
    if (isOfToday) return copy;
    if (copy) await kept.delete(request);
    throw away;
  }
}
