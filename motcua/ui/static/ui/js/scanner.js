/* scanner.js: a hand scanner types like a keyboard, only faster than any person.
   At least 8 keys that take 35 ms each or less on average (300 words a minute), closed by Enter or a pause, are a
   scan, in whatever field the cursor stands. The scanned text is taken out of that field again (what a
   person had typed there comes back, with the cursor) and goes to the field that wants it:
   data-scan="card" for the QR text of an ID card (seven parts between "|"), data-scan="code" for a dossier
   code or a slip's QR; else data-scan="any". A field of the page itself goes before one in the top bar. That field gets a "scan" event {text, kind} and, unless a
   listener prevents it, the text as its value with input and change events. Without such a field nothing is
   touched. Enter of a scan never submits a form. */

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
