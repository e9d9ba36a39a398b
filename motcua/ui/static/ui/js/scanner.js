/* scanner.js: see docs/reference/scripts.md. */

const AVERAGE = 35; // ms between keys of a scan
const BREAK = 100; // ms of silence that end a burst
const PAUSE = 300; // ms after which a scan without Enter is taken
const MINIMUM = 8;

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
  const field = target.matches?.("input, textarea") && "value" in target ? target : null;
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

export function deliver(text) {
  const kind = kindOf(text);
  const wanted = [`main [data-scan~="${kind}"]`, `[data-scan~="${kind}"]`, '[data-scan~="any"]'];
  const field = wanted.map((one) => document.querySelector(one)).find(Boolean);
  if (!field) return false;
  restore();
  if (field.dispatchEvent(new CustomEvent("scan", { bubbles: true, cancelable: true, detail: { text, kind } }))) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return true;
}

function finish() {
  const text = burst;
  burst = "";
  const scanned = text.length >= MINIMUM && (last - first) / (text.length - 1) <= AVERAGE;
  return scanned && deliver(text);
}

document.addEventListener("keydown", (event) => {
  clearTimeout(timer);
  const now = event.timeStamp; // when the key was struck, not when a busy page got to it
  const silent = now - last > BREAK;
  if (event.key === "Enter" || event.key === "Tab") {
    if (!silent && finish()) {
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
  timer = setTimeout(finish, PAUSE);
}, true);
