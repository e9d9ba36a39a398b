/* editor.js: a draft saves itself while it is edited, and says at once what the hours come to.
   Without this file the page works by its buttons. The server draws everything: an answer is the same page, of
   which only what changed is taken over; the field one stands in is left alone.
   - while typing (300 ms): act=look, nothing is written; on leaving a field: act=save;
   - buttons of the form (add, remove, move, show) are sent the same way, and the focus stays where it was;
   - Alt+↑/↓ move the row, Alt+Enter opens its panel, Alt+Delete takes it out; a row is dragged by its number. */

const form = document.querySelector("form[data-editor]");
const said = document.getElementById("wf-saved");
const by = (id) => document.getElementById(id);
let running = null; // the request under way
const queue = []; // what is sent after it, in order
let typed = new Set(); // fields changed since the last request left
let timer = 0;
let retry = 0;
let leaving = false;

function say(text, bad = false) {
  said.classList.toggle("is-unsaved", bad);
  if (said.textContent !== text) said.textContent = text;
}

function send(act, focus = "") {
  clearTimeout(timer);
  if (running) {
    const last = queue.at(-1);
    if (last?.act === "look") queue.pop();
    if (act !== "look" || !queue.length) if (act !== "save" || queue.at(-1)?.act !== "save") queue.push({ act, focus });
    return;
  }
  const body = new URLSearchParams(new FormData(form));
  body.append("act", act);
  typed = new Set();
  if (act !== "look") say(form.dataset.saving);
  running = fetch(location.pathname, { method: "POST", body, headers: { "X-Editor": "1" }, credentials: "same-origin" })
    .then(async (answer) => {
      if (answer.redirected || (answer.status >= 500) || [408, 429].includes(answer.status)) throw new Error(String(answer.status));
      if (![200, 409, 422].includes(answer.status)) { leaving = true; location.reload(); return; }
      retry = 0;
      take(new DOMParser().parseFromString(await answer.text(), "text/html"), act, answer.status, focus);
    })
    .catch(() => {
      retry = Math.min(retry ? retry * 2 : 2, 30);
      say(form.dataset.unsaved, true);
      timer = setTimeout(() => send(act === "look" ? "save" : act, focus), retry * 1000);
    })
    .finally(() => {
      running = null;
      if (retry) return;
      const next = queue.shift();
      if (next) send(next.act, next.focus);
    });
}

function take(page, act, status, focus) {
  mark(page);
  replace(page, "wf-live");
  if (status !== 200) { queue.length = 0; say(form.dataset.wrong, true); return; }
  replace(page, "wf-figure");
  if (act === "look") return;
  replace(page, "wf-hidden");
  const value = act === "save" || act === "keep";
  if (value && sameRows(page)) sync(page);
  else { replace(page, "wf-rows"); replace(page, "panel"); }
  for (const one of page.querySelectorAll("[data-sync]")) replaceWords(one);
  say(form.dataset.stored);
  const target = focus && (by(focus) ?? by(focus.replace(/^[a-z]+\./, "name.")));
  if (target) { target.focus(); target.select?.(); }
  if (!value) history.replaceState(null, "", location.pathname + (form.elements.shown.value ? `?step=${encodeURIComponent(form.elements.shown.value)}` : ""));
}

function replace(page, id) {
  const fresh = page.getElementById(id);
  const here = by(id);
  if (fresh && here && fresh.innerHTML !== here.innerHTML) here.replaceChildren(...fresh.childNodes);
}

function replaceWords(fresh) {
  const here = by(fresh.id);
  if (here && here.innerHTML !== fresh.innerHTML) here.innerHTML = fresh.innerHTML;
}

const rows = (page) => [...page.querySelectorAll("#wf-rows tr[data-step]")].map((one) => one.dataset.step).join();
function sameRows(page) {
  const count = (where) => where.querySelectorAll("#panel select, #panel input").length;
  return rows(page) === rows(document) && count(page) === count(document) || document.activeElement?.closest("#panel, #wf-rows") && rows(page) === rows(document) && count(page) >= count(document) && grow(page);
}

// A used last line of ways or returns brings an empty one: only what is new is put in, so the focus stays.
function grow(page) {
  for (const group of page.querySelectorAll("#panel fieldset")) {
    const here = [...document.querySelectorAll("#panel fieldset")].find((one) => one.querySelector("legend").textContent === group.querySelector("legend").textContent);
    for (const one of here ? [...group.children].slice(here.children.length) : []) here.append(one);
  }
  return true;
}

function sync(page) {
  for (const fresh of page.querySelectorAll("#wf-rows input[id], #wf-rows textarea[id], #wf-rows select[id], #panel input[id], #panel select[id], #limit")) {
    const here = by(fresh.id);
    if (!here || typed.has(here)) continue;
    here.toggleAttribute("hidden", fresh.hasAttribute("hidden"));
    if (fresh.localName === "select") {
      const chosen = fresh.value;
      if (here.options.length !== fresh.options.length || [...here.options].some((one, n) => one.text !== fresh.options[n].text)) here.replaceChildren(...[...fresh.options].map((one) => new Option(one.text, one.value)));
      if (here.value !== chosen) here.value = chosen;
    } else if (fresh.type === "checkbox") here.checked = fresh.hasAttribute("checked");
    else if (here !== document.activeElement && here.value !== fresh.value) here.value = fresh.value;
  }
  by("posted")?.toggleAttribute("hidden", page.getElementById("posted")?.hasAttribute("hidden") ?? true);
}

// Faults stand in the list above and on their fields.
function mark(page) {
  const wrong = new Set([...page.querySelectorAll("#wf-faults [data-field]")].map((one) => one.dataset.field));
  for (const one of form.elements) {
    if (!one.name || one.type === "hidden") continue;
    if (wrong.has(one.name)) one.setAttribute("aria-invalid", "true");
    else one.removeAttribute("aria-invalid");
  }
}

if (form) {
  form.addEventListener("input", changed);
  document.addEventListener("input", (event) => { if (event.target.form === form && !form.contains(event.target)) changed(event); });
  document.addEventListener("change", (event) => { if (event.target.form === form && event.target.id !== "pattern") { typed.add(event.target); send("save"); } });
  form.addEventListener("submit", submitted);
  document.addEventListener("keydown", pressed, true);
  addEventListener("beforeunload", (event) => { if (!leaving && (running || queue.length || retry || typed.size)) event.preventDefault(); });
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-leave]")) leaving = true; });
  addEventListener("online", () => { if (retry) { retry = 0; send("save"); } });
  dragging();
}

function changed(event) {
  if (event.target.id === "pattern") return;
  typed.add(event.target);
  clearTimeout(timer);
  timer = setTimeout(() => send("look"), 300);
}

function submitted(event) {
  const act = event.submitter?.value ?? "save";
  event.preventDefault();
  event.stopPropagation();
  const key = act.split(":")[1];
  send(act, act.startsWith("show") ? "panel-title" : act === "add" ? "panel-title" : event.submitter?.id || (key ? `name.${key}` : ""));
}

function rowOf(element) {
  return element?.closest?.("tr[data-step]") ?? by(`row.${form.elements.shown.value}`);
}

function pressed(event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.altKey && !event.ctrlKey && event.target.matches?.("textarea.wf-name")) {
    event.preventDefault(); // a name is one line, however it is broken on the screen
    by(event.target.id.replace("name.", "role."))?.focus();
    return;
  }
  if (event.ctrlKey && event.key.toLowerCase() === "s") { event.preventDefault(); send("save"); return; }
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const step = rowOf(event.target)?.dataset.step;
  if (event.key.toLowerCase() === "n") { event.preventDefault(); event.stopImmediatePropagation(); send(step ? `add:${step}` : "add", "panel-title"); return; }
  if (!step || !["ArrowUp", "ArrowDown", "Enter", "Delete"].includes(event.key)) return;
  event.preventDefault();
  const near = rowOf(event.target)?.nextElementSibling ?? rowOf(event.target)?.previousElementSibling;
  if (event.key === "ArrowUp") send(`up:${step}`, `name.${step}`);
  if (event.key === "ArrowDown") send(`down:${step}`, `name.${step}`);
  if (event.key === "Enter") send(`show:${step}`, "panel-title");
  if (event.key === "Delete") send(`remove:${step}`, near ? `name.${near.dataset.step}` : "");
}

// Dragging by the number, with mouse, pen or finger. What is moved lands where the line shows.
function dragging() {
  let held = null;
  let over = null;
  let moved = false;
  const clear = () => { for (const one of document.querySelectorAll(".is-over-top, .is-over-bottom, .is-dragged")) one.classList.remove("is-over-top", "is-over-bottom", "is-dragged"); };
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".wf-no");
    if (!handle || event.button) return;
    held = { row: handle.closest("tr"), y: event.clientY };
    moved = false;
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || (!moved && Math.abs(event.clientY - held.y) < 6)) return;
    moved = true;
    event.preventDefault();
    clear();
    held.row.classList.add("is-dragged");
    over = document.elementFromPoint(event.clientX, event.clientY)?.closest("tr[data-step]") ?? null;
    if (!over || over === held.row) { over = null; return; }
    const box = over.getBoundingClientRect();
    over.classList.add(event.clientY < box.top + box.height / 2 ? "is-over-top" : "is-over-bottom");
  });
  document.addEventListener("pointerup", () => {
    if (held && moved && over) {
      const all = [...document.querySelectorAll("#wf-rows tr[data-step]")];
      const from = all.indexOf(held.row);
      let place = all.indexOf(over) + (over.classList.contains("is-over-bottom") ? 1 : 0);
      if (place > from) place -= 1;
      if (place !== from) send(`place:${held.row.dataset.step}@${place}`, `name.${held.row.dataset.step}`);
    }
    if (moved) {
      const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
      document.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => document.removeEventListener("click", swallow, true), 0);
    }
    moved = false;
    held = over = null;
    clear();
  });
  document.addEventListener("pointercancel", () => { held = over = null; clear(); });
}
