/* push-worker.js: shows what is pushed; a touch leads to the page it names, of this host alone. It keeps nothing. */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data?.json() ?? {};
  } catch {
    return;
  }
  const { title, body, url, tag } = said;
  event.waitUntil(self.registration.showNotification(title || self.motcua.title, { body, tag, data: { url } }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});
