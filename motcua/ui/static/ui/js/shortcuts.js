/* shortcuts.js: see docs/reference/scripts.md. */

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable]";

export function nameOf(event) {
  const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + (event.shiftKey && event.key.length > 1 ? "Shift+" : "") + name;
}

function answers(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

function press(element) {
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function goOn(event) {
  const form = event.target.form;
  if (!form || form.dataset.enter !== "next" || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.target.matches("textarea, button, [type=submit], [type=button]")) return false;
  event.preventDefault();
  const all = [...form.elements].filter((one) => one.tabIndex >= 0 && one.type !== "hidden" && one.matches("input, select, textarea, button") && answers(one));
  const here = all.indexOf(event.target);
  const next = all.slice(here + 1).find((one) => one.type !== "radio" || one.name !== event.target.name);
  if (next) {
    next.focus();
    if (next.matches("input:not([type=checkbox], [type=radio], [type=file])")) next.select();
  }
  return true;
}

/* A plain key counts when it comes alone, or again by itself: a scanner sends many at once, no hand is so fast. */
const ALONE = 45; // ms
let waiting = 0;
let works = [];
let struck = { at: -ALONE, key: "" };
let burst = false;

function alone(event) {
  const quick = event.timeStamp - struck.at < ALONE;
  burst = quick && (burst || event.key !== struck.key);
  struck = { at: event.timeStamp, key: event.key };
  if (burst) {
    clearTimeout(waiting);
    works = [];
    if (event.key === " ") event.preventDefault(); // would press the button that has the focus
  }
  return !burst && event.key !== " ";
}

function soon(work) {
  clearTimeout(waiting);
  works.push(work);
  waiting = setTimeout(() => { for (const one of works.splice(0)) one(); }, ALONE);
}

document.addEventListener("keyup", (event) => {
  if (event.key === " " && burst && !event.target.matches?.(TYPING)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const typing = event.target.matches?.(TYPING);
  if (event.key === "Escape" && typing) {
    event.preventDefault(); // the browser would empty a search field
    event.target.blur();
    return;
  }
  if (event.key === "Enter" && goOn(event)) return;
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && typing) return;
  if (plain && !alone(event)) return;
  if (plain && event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      soon(() => press(search));
    }
    return;
  }
  const name = nameOf(event);
  const dialog = document.querySelector("dialog[open]");
  const found = [...(dialog ?? document).querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").some((key) => key.toUpperCase() === name.toUpperCase()) && answers(one));
  if (!found) return;
  event.preventDefault();
  if (!plain) press(found);
  else soon(() => { if (found.isConnected) press(found); });
});
