/* intake_people.js: returning applicants while a name or telephone is typed, by POST (decision 0038). Nobody is marked
   before Down but whom a telephone leads to: no namesake by accident. */

const WAIT = 200;
const NAME = /^[^\d|]{2,}$/;
const PHONE = /^(0[0-9 .]{9,13}|\+[0-9 .]{8,18})$/;
const digits = (text) => text.replace(/\D/g, "").length;
const asks = (text) => NAME.test(text) || (PHONE.test(text) && digits(text) < 12);
const form = document.getElementById("intake");

function build(input) {
  const list = Object.assign(document.createElement("ul"), { className: "mc-combo__list", id: `${input.id}-known`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
  const live = Object.assign(document.createElement("span"), { className: "mc-sr" });
  live.setAttribute("role", "status");
  const box = Object.assign(document.createElement("div"), { className: "mc-combo" });
  const here = document.activeElement === input;
  input.replaceWith(box);
  box.append(input, list, live);
  if (here) input.focus();
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  return { input, list, live, options: [], marked: -1, asked: "", timer: 0, pending: null };
}

function mark(one, index) {
  one.marked = index;
  [...one.list.querySelectorAll("[role=option]")].forEach((line, place) => line.setAttribute("aria-selected", String(place === index)));
  if (index < 0) return one.input.removeAttribute("aria-activedescendant");
  one.input.setAttribute("aria-activedescendant", `${one.list.id}-${index}`);
  document.getElementById(`${one.list.id}-${index}`)?.scrollIntoView({ block: "nearest" });
}

function show(one, open) {
  one.list.hidden = !open;
  one.input.setAttribute("aria-expanded", String(open));
  if (!open) mark(one, -1);
}

function fill(one, data) {
  one.options = data.options;
  one.list.replaceChildren(...data.options.map((option, place) => {
    const line = Object.assign(document.createElement("li"), { className: "mc-combo__option", id: `${one.list.id}-${place}`, textContent: option.label });
    line.setAttribute("role", "option");
    line.append(Object.assign(document.createElement("span"), { className: "mc-combo__note", textContent: option.note }));
    return line;
  }));
  one.live.textContent = data.options.length ? `${data.options.length}. ${data.more}` : "";
  show(one, data.options.length > 0);
  if (data.options.length === 1 && PHONE.test(one.asked)) mark(one, 0);
}

function ask(one) {
  const text = one.input.value.trim();
  clearTimeout(one.timer);
  if (text === one.asked && !one.list.hidden) return one.pending ?? Promise.resolve();
  one.asked = text;
  if (!asks(text)) {
    show(one, false);
    return Promise.resolve();
  }
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const job = fetch(form.dataset.people, { method: "POST", body: new URLSearchParams({ text, kind: one.input.dataset.people }), headers, credentials: "same-origin" })
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : { options: [], more: "" }))
    .then((data) => { if (one.asked === text && document.activeElement === one.input) fill(one, data); })
    .catch(() => show(one, false))
    .finally(() => { if (one.pending === job) one.pending = null; });
  one.pending = job;
  return job;
}

function take(one, index) {
  const option = one.options[index];
  if (!option) return;
  show(one, false);
  one.input.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { applicant: option.value, text: one.asked } }));
}

async function key(one, event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const open = !one.list.hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!asks(one.input.value.trim())) return;
    event.preventDefault();
    if (!open || one.pending) await ask(one);
    const count = one.options.length;
    if (!one.list.hidden && count) mark(one, event.key === "ArrowDown" ? (one.marked + 1) % count : (one.marked - 1 + count) % count);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    event.stopPropagation();
    show(one, false);
  } else if (event.key === "Enter" && one.marked >= 0) {
    event.preventDefault();
    event.stopPropagation();
    take(one, one.marked);
  } else if (event.key === "Enter" && PHONE.test(one.input.value.trim()) && digits(one.input.value) < 12 && (one.pending || one.asked !== one.input.value.trim())) {
    event.preventDefault(); // typed faster than the answer came
    event.stopPropagation();
    await ask(one);
    if (one.marked >= 0) take(one, one.marked);
  } else if (event.key === "Enter" || event.key === "Tab") show(one, false);
}

function enhance(input) {
  const one = build(input);
  input.addEventListener("input", () => {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => ask(one), WAIT);
  });
  input.addEventListener("keydown", (event) => key(one, event));
  input.addEventListener("blur", () => setTimeout(() => show(one, false), 150));
  one.list.addEventListener("mousedown", (event) => event.preventDefault());
  one.list.addEventListener("click", (event) => take(one, [...one.list.children].indexOf(event.target.closest("[role=option]"))));
}

function start() {
  for (const input of form.querySelectorAll("input[data-people]:not([role=combobox])")) enhance(input);
}

start();
document.addEventListener("htmx:after:swap", start);
