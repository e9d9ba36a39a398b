/* desk.js: the officers' lists and dossiers. Pages work without it.
   - J/K or arrows move along a list, Enter opens; the row's route shows beside it ([data-peek]).
   - X ticks the row of a list that takes many at once, V all of the page; Shift+click ticks a stretch.
   - A scan anywhere opens the dossier: the search field takes it, cards and long numbers travel by POST.
   - News of the agency updates the counts; a list that changed says so and waits to be asked. */

const rows = () => [...document.querySelectorAll("[data-line]")];
const typing = (element) => element?.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
let here = -1;
let peeking = 0;

function show(row) {
  clearTimeout(peeking);
  const box = document.getElementById("peek");
  if (!box || box.getClientRects().length === 0) return;
  peeking = setTimeout(async () => {
    try {
      const answer = await fetch(row.dataset.peek, { headers: { "HX-Request": "true" } });
      if (answer.ok && !answer.redirected && rows()[here] === row) box.innerHTML = await answer.text();
    } catch { /* the list works without it */ }
  }, 140);
}

function go(number) {
  const all = rows();
  if (!all.length) return;
  here = Math.max(0, Math.min(all.length - 1, number));
  for (const [place, row] of all.entries()) row.classList.toggle("is-here", place === here);
  const link = all[here].querySelector("a");
  link.focus({ preventScroll: true });
  all[here].scrollIntoView({ block: "nearest" });
  show(all[here]);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const step = { j: 1, J: 1, ArrowDown: 1, k: -1, K: -1, ArrowUp: -1 }[event.key];
  if (!step || !rows().length) return;
  event.preventDefault();
  go(here < 0 ? 0 : here + step);
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-line]");
  if (!row || rows()[here] === row) return;
  here = rows().indexOf(row);
  for (const one of rows()) one.classList.toggle("is-here", one === row);
  show(row);
});

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-line]");
  if (row && !event.target.closest("a, button, input, label") && !getSelection().toString()) row.querySelector("a").click();
});

/* many rows at once */
const picks = document.querySelector("[data-picks]");
if (picks) {
  const boxes = [...picks.querySelectorAll("[name=pick]")];
  const all = picks.querySelector("[data-pick-all]");
  const said = picks.querySelector("[data-pick-count]");
  const idle = said.textContent;
  const send = picks.querySelector(".mc-pickbar button");
  let last = -1;
  const tell = () => {
    const count = boxes.filter((one) => one.checked).length;
    said.textContent = count ? document.querySelector("[data-pick-words]").content.textContent.replace("%n", count) : idle;
    all.querySelector("input").checked = count === boxes.length;
    send.disabled = !count;
    picks.classList.toggle("has-picks", count > 0);
  };
  all.hidden = false;
  all.addEventListener("change", (event) => { for (const one of boxes) one.checked = event.target.checked; tell(); });
  for (const [place, box] of boxes.entries()) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) for (let at = Math.min(last, place); at <= Math.max(last, place); at++) boxes[at].checked = box.checked;
      last = place;
      tell();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key.toUpperCase() !== "X" || event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.("textarea, select, input:not([type=checkbox])")) return;
    const box = rows()[here]?.querySelector("[name=pick]");
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    tell();
  });
  picks.addEventListener("submit", () => setTimeout(() => { send.disabled = true; }));
  addEventListener("pageshow", tell);
  tell();
}

/* actions: one form at a time, put away without loss, back as it was */
const act = document.getElementById("act");
const typed = new Map();

function mark(name) {
  for (const one of document.querySelectorAll("[data-act]")) {
    if (one.dataset.act === name) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
}

function first() {
  const field = act.querySelector(".govuk-input--error, input:not([type=hidden]):not([type=file]), textarea, select, button");
  field?.focus();
  act.scrollIntoView({ block: "nearest" });
}

function putAway() {
  const form = act?.querySelector("form");
  if (!form) return false;
  typed.set(form.dataset.of, form);
  form.remove();
  mark("");
  return true;
}

act && document.addEventListener("htmx:before:request", (event) => {
  const link = event.target.closest?.("[data-act]");
  if (!link) return;
  const name = link.dataset.act;
  if (act.querySelector("form")?.dataset.of === name) {
    event.preventDefault();
    first();
    return;
  }
  putAway();
  const kept = typed.get(name);
  if (!kept) return;
  event.preventDefault();
  act.replaceChildren(kept);
  mark(name);
  first();
});
document.addEventListener("htmx:after:swap", (event) => {
  const form = act?.querySelector("form");
  if (!form || event.target.id === "look") return;
  mark(form.dataset.of);
  first();
  check();
});
document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-close]");
  if (!close || !act || event.ctrlKey || event.metaKey) return;
  const name = act.querySelector("form")?.dataset.of;
  if (!name || location.pathname.includes("/do/")) return;
  event.preventDefault();
  putAway();
  document.querySelector(`[data-act="${name}"]`)?.focus();
});
const papers = document.getElementById("papers-box"); // upload.js writes a new list into it
if (papers) new MutationObserver(() => window.htmx?.process?.(papers)).observe(papers, { childList: true });

/* a new due date is judged while it is picked */
let checking = 0;
async function check() {
  const box = document.querySelector("[data-extend]");
  const day = box?.closest("form").querySelector("[name=new_day]");
  if (!day?.value) return;
  const number = ++checking;
  try {
    const answer = await fetch(`${box.dataset.extend}?new_day=${encodeURIComponent(day.value)}`);
    if (answer.ok && number === checking) box.innerHTML = await answer.text();
  } catch { /* the server judges it when it is sent */ }
}
document.addEventListener("input", (event) => { if (event.target.name === "new_day") check(); });
document.addEventListener("click", (event) => {
  const pick = event.target.closest?.("[data-pick]");
  const field = pick && document.getElementById(pick.dataset.pickInto);
  if (!field) return;
  field.value = pick.dataset.pick;
  check();
});
/* one more paper: its words go away when they are pressed, so the box behind them takes the focus */
document.addEventListener("click", (event) => {
  const more = event.target.closest?.(".mc-ask__more > summary")?.parentElement;
  if (!more) return;
  event.preventDefault();
  more.open = true;
  more.querySelector("input").focus();
});
document.addEventListener("change", (event) => { if (event.target.matches?.("[data-send-on-change]")) event.target.form.requestSubmit(); });

/* live: counts move, rows never */
const list = document.querySelector("[data-changed]");
const shown = () => new Map([...document.querySelectorAll("[data-count]")].map((one) => [one.dataset.count, one]));
let due = 0;
let pause = 2000;
// Nobody is at the keyboard for these: they must not keep a forgotten screen logged in.
const byItself = { Accept: "application/json", "X-Motcua-Background": "1" };

async function refresh() {
  try {
    const answer = await fetch("/lists/counts", { headers: byItself });
    if (!answer.ok || answer.redirected) return;
    const counts = await answer.json();
    for (const [key, one] of shown()) {
      const text = String(counts[key] ?? one.textContent).replace(/\B(?=(\d{3})+$)/g, ".");
      if (one.textContent !== text) one.textContent = text;
    }
    if (list) list.hidden = false;
  } catch { /* the next event or reload brings them */ }
}

async function listen() {
  try {
    const answer = await fetch("/live/token", { headers: byItself });
    if (!answer.ok || answer.redirected) return;
    const { url } = await answer.json();
    if (!url) return;
    const source = new EventSource(url);
    source.addEventListener("open", () => {
      pause = 2000;
      document.documentElement.dataset.live = "on";
    });
    source.addEventListener("changed", (event) => {
      if (JSON.parse(event.data).name.startsWith("counters.")) return; // a hall's tickets are in no list
      clearTimeout(due);
      due = setTimeout(refresh, 400 + Math.random() * 1200);
    });
    source.addEventListener("error", () => {
      source.close();
      delete document.documentElement.dataset.live;
      setTimeout(listen, pause);
      pause = Math.min(pause * 2, 120000);
    });
  } catch {
    setTimeout(listen, pause);
    pause = Math.min(pause * 2, 120000);
  }
}
if (shown().size) addEventListener("load", () => setTimeout(listen, 300));
