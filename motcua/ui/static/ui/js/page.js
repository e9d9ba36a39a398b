/* page.js: what every page does when it can. The page works without it.
   - moves the focus to an error summary ([data-focus]) so that readers hear the faults first;
   - follows its links to the control itself and focuses it, not only scrolls;
   - gives every htmx request the CSRF token, so that no template has to remember it;
   - refuses a second press of the same submit button within a second (double clicks hand in twice);
   - opens <details> before printing, so that paper holds what the screen holds. */

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".mc-errors a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  (control.closest(".govuk-form-group") ?? control).scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const now = Date.now();
  if (now - Number(form.dataset.sentAt ?? 0) < 1000) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = String(now);
});

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && request.method !== "GET") request.headers["X-CSRFToken"] = token;
});

addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) fold.open = true;
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("[data-help]");
  if (!link || event.ctrlKey) return;
  event.preventDefault();
  (await import(link.dataset.help)).open(link);
});
