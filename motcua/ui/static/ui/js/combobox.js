/* combobox.js: see docs/reference/scripts.md. */

const words = JSON.parse(document.querySelector('meta[name="motcua-words"]')?.content ?? "{}");
let serial = 0;

function build(input) {
  const id = `combo-${++serial}`;
  const list = document.createElement("ul");
  list.className = "mc-combo__list";
  list.id = id;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
  const live = document.createElement("span");
  live.className = "mc-sr";
  live.setAttribute("role", "status");
  const box = document.createElement("div");
  box.className = "mc-combo";
  input.replaceWith(box);
  box.append(input, list, live);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off", spellcheck: "false" })) input.setAttribute(name, value);
  return { input, list, live, options: [], marked: -1, asked: "", timer: 0, request: null, pending: null };
}

function show(combo, open) {
  combo.list.hidden = !open;
  combo.input.setAttribute("aria-expanded", String(open));
  if (!open) mark(combo, -1);
}

function mark(combo, index) {
  combo.marked = index;
  [...combo.list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === index)));
  const line = combo.list.children[index];
  if (line) {
    combo.input.setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  } else {
    combo.input.removeAttribute("aria-activedescendant");
  }
}

function choose(combo, index) {
  const option = combo.options[index];
  if (!option) return;
  combo.input.value = option.label;
  const hidden = document.getElementById(combo.input.dataset.comboboxValue ?? "");
  if (hidden) {
    hidden.value = option.value;
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }
  combo.asked = option.label;
  show(combo, false);
  combo.input.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: option }));
  combo.input.dispatchEvent(new Event("change", { bubbles: true }));
}

function fill(combo) {
  combo.list.replaceChildren(...combo.options.map((option, number) => {
    const line = document.createElement("li");
    line.className = "mc-combo__option";
    line.id = `${combo.list.id}-${number}`;
    line.setAttribute("role", "option");
    line.textContent = option.label;
    if (option.note) {
      const note = document.createElement("span");
      note.className = "mc-combo__note";
      note.textContent = option.note;
      line.append(note);
    }
    return line;
  }));
  combo.live.textContent = combo.options.length ? `${combo.options.length} ${words.options ?? "lựa chọn"}` : (words.noOptions ?? "Không có lựa chọn nào khớp");
  show(combo, combo.options.length > 0);
  const text = combo.input.value.trim().toUpperCase();
  const exact = combo.options.findIndex((one) => [one.value, one.label].some((word) => String(word).toUpperCase() === text));
  const first = combo.options.length === 1 || (combo.options.length > 0 && combo.input.hasAttribute("data-combobox-first"));
  mark(combo, exact < 0 && first ? 0 : exact);
}

function ask(combo) {
  const job = fetchOptions(combo).finally(() => { if (combo.pending === job) combo.pending = null; });
  combo.pending = job;
  return job;
}

async function fetchOptions(combo) {
  const text = combo.input.value.trim();
  if (text === combo.asked && !combo.list.hidden) return;
  combo.asked = text;
  combo.request?.abort();
  combo.request = new AbortController();
  const url = new URL(combo.input.dataset.combobox, location.href);
  url.searchParams.set("q", text);
  try {
    const answer = await fetch(url, { signal: combo.request.signal, credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    combo.options = (await answer.json()).options;
    if (document.activeElement === combo.input) fill(combo);
  } catch (fault) {
    if (fault.name === "AbortError") return;
    combo.options = [];
    show(combo, false);
  }
}

const KEYS = {
  ArrowDown: (combo) => (combo.list.hidden ? ask(combo) : mark(combo, (combo.marked + 1) % combo.options.length)),
  ArrowUp: (combo) => !combo.list.hidden && mark(combo, (combo.marked - 1 + combo.options.length) % combo.options.length),
  Enter: (combo) => combo.marked >= 0 && (choose(combo, combo.marked), true),
  Escape: (combo) => !combo.list.hidden && (show(combo, false), true),
  Tab: (combo) => { if (combo.marked >= 0) choose(combo, combo.marked); },
};

function enhance(input) {
  const combo = build(input);
  input.addEventListener("input", () => {
    clearTimeout(combo.timer);
    combo.timer = setTimeout(() => ask(combo), 90);
  });
  input.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (combo.pending || combo.asked !== input.value.trim())) {
      event.preventDefault(); // typed faster than the answer came: wait for it, then take the one match
      event.stopPropagation();
      clearTimeout(combo.timer);
      await (combo.asked === input.value.trim() && combo.pending ? combo.pending : ask(combo));
      if (combo.marked >= 0) choose(combo, combo.marked);
      return;
    }
    const act = KEYS[event.key];
    if (act && act(combo) !== false && event.key !== "Tab") {
      if (event.key !== "Enter" || combo.list.hidden) event.preventDefault();
      if (event.key === "Escape") event.stopPropagation();
    }
  });
  input.addEventListener("blur", () => setTimeout(() => show(combo, false), 150));
  combo.list.addEventListener("mousedown", (event) => event.preventDefault());
  combo.list.addEventListener("click", (event) => choose(combo, [...combo.list.children].indexOf(event.target.closest("[role=option]"))));
}

export function start(root = document) {
  for (const input of root.querySelectorAll("input[data-combobox]:not([role=combobox])")) enhance(input);
}

start();
document.addEventListener("htmx:after:swap", () => start());
