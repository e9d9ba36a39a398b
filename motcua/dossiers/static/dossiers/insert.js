/* "@" names a colleague, "/" puts in a kept text. */

const sources = { "@": (area) => area.form?.dataset.colleagues, "/": () => "/opinions/texts" };
const known = new Map();
let list = null;
let shown = [];
let chosen = 0;
let open = null;

const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();

async function items(url) {
  if (!known.has(url)) {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return [];
      known.set(url, (await answer.json()).items);
    } catch { return []; }
  }
  return known.get(url);
}

function close() {
  list?.remove();
  list = open = null;
}

function mark() {
  for (const [place, one] of [...list.children].entries()) one.setAttribute("aria-selected", String(place === chosen));
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
}

function take(item) {
  const { area, sign, start } = open;
  const text = sign === "@" ? `@${item.key} ` : item.text;
  area.setRangeText(text, start, area.selectionStart, "end");
  close();
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function draw(area) {
  list?.remove();
  list = document.createElement("ul");
  list.className = "mc-insert";
  list.setAttribute("role", "listbox");
  for (const item of shown) {
    const line = document.createElement("li");
    line.setAttribute("role", "option");
    line.append(item.key, Object.assign(document.createElement("small"), { textContent: item.text }));
    line.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
    list.append(line);
  }
  area.parentElement.style.position = "relative";
  area.after(list);
  chosen = 0;
  mark();
}

document.addEventListener("input", async (event) => {
  const area = event.target;
  if (!area.matches?.("textarea")) return;
  const found = /(^|[\s(])([@/])([^\s@/]*(?: [^\s@/]+){0,4})$/.exec(area.value.slice(0, area.selectionStart));
  const sign = found?.[2];
  const url = sign && (sign === "/" || "mentions" in area.dataset) ? sources[sign](area) : null;
  if (!url || (sign === "/" && found[3].includes(" "))) return close();
  const caret = area.selectionStart;
  const all = await items(url);
  if (area.selectionStart !== caret) return; // typed on: that event draws
  const asked = fold(found[3]);
  shown = all.filter((one) => fold(one.key).startsWith(asked) || (sign === "@" && fold(one.key).includes(` ${asked}`))).slice(0, 8);
  if (!shown.length || document.activeElement !== area) return close();
  open = { area, sign, start: caret - found[3].length - 1 };
  draw(area);
});

document.addEventListener("keydown", (event) => {
  if (!list || event.target !== open?.area) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) chosen = (chosen + step + shown.length) % shown.length;
  else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") take(shown[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (list) mark();
}, true);
document.addEventListener("focusout", (event) => { if (event.target === open?.area) setTimeout(close, 100); });
