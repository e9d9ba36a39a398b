/* scanner.js: see docs/reference/scripts.md. */

const AVERAGE = 35; // ms between keys of a scan
const BREAK = 100; // ms of silence that end a burst
const PAUSE = 300; // ms after which a scan without Enter is taken
const MINIMUM = 8;
const SHORTEST = 4; // where nobody types, closed by Enter
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable]";
const words = JSON.parse(document.querySelector('meta[name="motcua-words"]')?.content ?? "{}");

export function kindOf(text) {
  if ((text.match(/\|/g) ?? []).length >= 5) return "card";
  return /^[A-Z]\d\d(\.\d+)*-\d{6}-\d{4,}$/i.test(text) || /^https?:\/\/\S+$/i.test(text) ? "code" : "any";
}

let burst = "";
let first = 0;
let last = 0;
let before = null;
let timer = 0;

function remember(target) {
  const field = target.matches?.(TYPING) && "value" in target ? target : null;
  let place = null;
  try { place = field && [field.selectionStart, field.selectionEnd]; } catch { place = null; }
  before = field && { field, value: field.value, place };
}

function restore() {
  if (!before) return;
  const { field, value, place } = before;
  if (field.value === value) return;
  field.value = value;
  if (place && place[0] !== null) field.setSelectionRange(...place);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* The search box opens what was scanned. Cards and numbers of persons go by POST: they stand in no address. */
function guard(form, text) {
  const compact = text.replace(/[\s.]/g, "");
  if (!/[|@,]/.test(text) && !/^[0-9+]{9,}$/.test(compact)) return;
  const token = document.createElement("input");
  token.type = "hidden";
  token.name = "csrfmiddlewaretoken";
  token.value = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  form.append(token);
  form.method = "post";
}

const search = document.querySelector("[data-scan-opens]");
search?.form?.addEventListener("submit", () => guard(search.form, search.value));

function put(field, text) {
  if (!field.dispatchEvent(new CustomEvent("scan", { bubbles: true, cancelable: true, detail: { text, kind: kindOf(text) } }))) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  if (field === search) field.form.requestSubmit();
}

/* A code in a field that did not ask for one: whoever sits here says whether it was meant. */
let offer = null;

function settle() {
  offer?.remove();
  offer = null;
}

function choice(label, key, work) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mc-button is-secondary";
  button.dataset.key = key;
  button.setAttribute("aria-keyshortcuts", key);
  button.textContent = `${label} `;
  const hint = document.createElement("kbd");
  hint.className = "mc-key";
  hint.textContent = key;
  button.append(hint);
  button.addEventListener("click", () => { settle(); work(); });
  return button;
}

function ask(field, text) {
  settle();
  const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
  offer = document.createElement("div");
  offer.className = "mc-offer";
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  offer.append(said, choice(words.scanOpen, "Alt+O", () => put(search, text)), choice(words.scanKeep, "Alt+K", () => {
    field.value = field.value.slice(0, from) + text + field.value.slice(to);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  }));
  (field.closest("dialog") ?? document.body).append(offer);
  said.textContent = words.scanned; // after it is there, so that it is spoken
}

document.addEventListener("keydown", (event) => { if (event.key === "Escape") settle(); });

export function deliver(text) {
  const kind = kindOf(text);
  const wanted = [`main [data-scan~="${kind}"]`, `[data-scan~="${kind}"]`, '[data-scan~="any"]'];
  const field = wanted.map((one) => document.querySelector(one)).find(Boolean);
  if (!field) return false;
  const typed = before?.field;
  const elsewhere = field === search && typed && typed !== search && typed.matches(TYPING);
  if (elsewhere && kind === "any") return true; // may well belong where it stands
  restore();
  if (elsewhere && kind === "code") ask(typed, text);
  else put(field, text);
  return true;
}

function finish(closed = false) {
  const text = burst;
  burst = "";
  const scanned = text.length > 1 && (last - first) / (text.length - 1) <= AVERAGE;
  const least = closed && !before ? SHORTEST : MINIMUM;
  return scanned && text.length >= least && deliver(text);
}

document.addEventListener("keydown", (event) => {
  clearTimeout(timer);
  const now = event.timeStamp; // when the key was struck, not when a busy page got to it
  const silent = now - last > BREAK;
  if (event.key === "Enter" || event.key === "Tab") {
    if (!silent && finish(true)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    burst = "";
    return;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
  if (silent || !burst) {
    burst = "";
    first = now;
    remember(event.target);
  }
  last = now;
  burst += event.key;
  timer = setTimeout(() => finish(), PAUSE);
}, true);
