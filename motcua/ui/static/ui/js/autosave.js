/* autosave.js: each field with data-autosave="URL" is sent there when it changes (POST name=value, CSRF).
   [data-saved] says "đã lưu 10:42" or "chưa lưu"; a failed field is tried again after 2, 4, 8 … 30 seconds and
   as soon as the link is back. Leaving the page warns only while something is unsaved. Values wait in memory:
   nothing personal is ever written into the browser's storage. The server answers 2xx when the value is
   stored; 4xx other than 408 and 429 means it refused the value, which is said and not tried again.
   Words come translated from the page's <meta name="motcua-words">. */

const words = JSON.parse(document.querySelector('meta[name="motcua-words"]')?.content ?? "{}");
const waiting = new Map();
const refused = new Set();
const typing = new Map(); // fields with letters not yet queued: sent after a pause, or when the page is left
let sending = false;
let wait = 0;
let timer = 0;

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function say() {
  const unsaved = waiting.size > 0 || refused.size > 0;
  for (const place of document.querySelectorAll("[data-saved]")) {
    const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    let text = `${words.saved ?? "đã lưu"} ${now}`;
    if (refused.size) text = words.refused ?? "chưa lưu: giá trị không được nhận";
    else if (waiting.size) text = wait ? (words.unsaved ?? "chưa lưu, đang thử lại") : (words.saving ?? "đang lưu");
    place.classList.toggle("is-unsaved", unsaved && (wait > 0 || refused.size > 0));
    if (place.textContent !== text) place.textContent = text;
  }
}

function valueOf(field) {
  if (field.type !== "checkbox") return [field.value];
  const group = field.form ? [...field.form.elements].filter((one) => one.name === field.name) : [field];
  return group.filter((one) => one.checked).map((one) => one.value);
}

// A stored change takes the old fault away from beside its field and out of the summary; sending judges anew.
function mended(field) {
  const group = field.closest(".govuk-form-group--error");
  if (!group || !field.value) return;
  group.classList.remove("govuk-form-group--error");
  group.querySelector(".govuk-error-message")?.remove();
  field.classList.remove("govuk-input--error", "govuk-select--error", "govuk-textarea--error");
  field.removeAttribute("aria-invalid");
  const line = document.querySelector(`.mc-errors a[href="#${CSS.escape(field.id)}"]`)?.closest("li");
  const summary = line?.closest(".mc-errors");
  line?.remove();
  if (summary && !summary.querySelector("li")) summary.remove();
}

async function send() {
  if (sending || waiting.size === 0) return;
  sending = true;
  const [key, job] = waiting.entries().next().value;
  const body = new URLSearchParams(job.values.map((value) => [job.name, value]));
  body.append("field", job.name);
  try {
    const answer = await fetch(job.url, { method: "POST", body, headers: { "X-CSRFToken": token() }, credentials: "same-origin", redirect: "error", keepalive: true });
    if (!answer.ok && (answer.status >= 500 || [408, 429].includes(answer.status))) throw new Error(String(answer.status));
    wait = 0;
    if (waiting.get(key) === job) waiting.delete(key);
    if (answer.ok) { refused.delete(key); mended(job.field); } else refused.add(key);
    job.field.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: { ok: answer.ok } }));
  } catch {
    wait = Math.min(wait ? wait * 2 : 2, 30);
  }
  sending = false;
  say();
  clearTimeout(timer);
  if (waiting.size) timer = setTimeout(send, wait * 1000);
}

document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-autosave]");
  if (!field || !field.name || field.type === "file" || field.type === "password") return;
  const key = `${field.dataset.autosave} ${field.name}`;
  clearTimeout(typing.get(field));
  typing.delete(field);
  waiting.set(key, { url: field.dataset.autosave, name: field.name, values: valueOf(field), field });
  say();
  send();
});

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-autosave]");
  if (!field || field.type === "file") return;
  clearTimeout(typing.get(field));
  typing.set(field, setTimeout(() => field.dispatchEvent(new Event("change", { bubbles: true })), 1500));
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const field of [...typing.keys()]) field.dispatchEvent(new Event("change", { bubbles: true }));
});
addEventListener("online", () => { clearTimeout(timer); send(); });
addEventListener("beforeunload", (event) => { if (waiting.size || refused.size || typing.size) event.preventDefault(); });
