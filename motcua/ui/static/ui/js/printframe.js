/* printframe.js: a link with data-print opens its PDF in a hidden same-origin frame and calls the browser's
   print dialog (or none, where Chromium runs with --kiosk-printing). One frame is kept and reused; a second press
   while the first loads is ignored. When the frame cannot print, the PDF opens as an ordinary page: without
   script that is what happens anyway. A page that has just saved may carry <a data-print="now">. */

const words = JSON.parse(document.querySelector('meta[name="motcua-words"]')?.content ?? "{}");
let frame = null;
let busy = false;

export function print(url) {
  return new Promise((resolve, reject) => {
    frame?.remove();
    frame = document.createElement("iframe");
    frame.className = "mc-frame";
    frame.title = words.print ?? "Bản in";
    frame.tabIndex = -1;
    frame.setAttribute("aria-hidden", "true");
    frame.addEventListener("load", () => {
      try {
        frame.contentWindow.focus();
        frame.contentWindow.print();
        frame.blur(); // the keys belong to the page again: F2 right after printing opens the next dossier
        window.focus();
        resolve();
      } catch (fault) {
        reject(fault);
      }
    });
    frame.addEventListener("error", reject);
    frame.src = url;
    document.body.append(frame);
  });
}

async function run(link) {
  if (busy) return;
  busy = true;
  try {
    await print(link.href);
    link.dispatchEvent(new CustomEvent("printed", { bubbles: true }));
  } catch {
    location.assign(link.href);
  }
  busy = false;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-print]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  run(link);
});

const now = document.querySelector('a[data-print="now"]');
if (now) run(now);
