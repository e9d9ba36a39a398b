/* bell.js: the worker of a number's page. Phones with Android show a notification only through one. It keeps nothing
   and answers no request; a touch on the notification leads back to the page. */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const { url } = event.notification.data ?? {};
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = open.find((one) => one.url === url);
    if (page) return page.focus();
    return url ? self.clients.openWindow(url) : undefined;
  })());
});
