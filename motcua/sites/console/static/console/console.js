/* console.js: the line beside the counter, live. The page works without it.
   - News of the hall, or 15 s without the channel, read the line again; who waits moves, what is typed stays.
   - When the visitor at the counter changed elsewhere, the page says so, and loads anew where nothing is typed.
   - When the server is away it says since when the figures are old.
   - A card that is scanned here is asked for at the intake page; all else goes where scanner.js sends it. */

const box = document.querySelector("[data-console]");
const part = box?.querySelector("[data-part]");
const state = box?.querySelector("[data-link-state]");
// Nobody is at the keyboard for these: they must not keep a forgotten screen logged in.
const byItself = { "X-Motcua-Background": "1" };
let read = new Date();
let listening = false;
let pause = 2000;
let due = 0;
let lost = performance.now(); // when the channel was last known to be there; it ends every few minutes by itself

const typing = () => [...document.querySelectorAll("main input:not([type=hidden], [type=checkbox]), aside input:not([type=hidden], [type=checkbox])")].some((one) => one.value !== one.defaultValue);
const clock = (moment) => moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

function tell(text, away = false) {
  state.hidden = !text;
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("is-away", away);
  part.classList.toggle("mc-is-old", away);
}

function changed() {
  if (!typing()) return location.reload();
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = box.dataset.wordsReload;
  tell(`${box.dataset.wordsChanged} `);
  state.append(link);
}

async function refresh() {
  try {
    const answer = await fetch(box.dataset.console, { headers: byItself });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-now]");
    read = new Date();
    if (fresh.dataset.now !== box.dataset.own) return changed();
    const held = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren(document.adoptNode(fresh));
    if (held) document.getElementById(held)?.focus();
    tell(listening || performance.now() - lost < 5000 ? "" : box.dataset.wordsSlow);
  } catch {
    tell(box.dataset.wordsAway.replace("{t}", clock(read)), true);
  }
}

function soon(wait) {
  clearTimeout(due);
  due = setTimeout(refresh, wait);
}

async function listen() {
  try {
    const answer = await fetch("/live/token", { headers: { Accept: "application/json", ...byItself } });
    const { url } = answer.ok && !answer.redirected ? await answer.json() : {};
    if (!url) throw new Error("no channel");
    const source = new EventSource(url);
    source.addEventListener("open", () => {
      pause = 2000;
      listening = true;
      soon(0); // what happened while nobody listened
    });
    source.addEventListener("changed", (event) => {
      const { name } = JSON.parse(event.data);
      document.dispatchEvent(new CustomEvent("motcua:news", { detail: name }));
      if (name?.startsWith("counters.")) soon(100 + Math.random() * 300);
    });
    source.addEventListener("error", () => {
      source.close();
      later();
    });
  } catch {
    later();
  }
}

function later() {
  if (listening) lost = performance.now();
  listening = false;
  if (pause === 2000) soon(5500); // by then it is back, or the page says that it is not
  setTimeout(listen, pause);
  pause = Math.min(pause * 2, 60000);
}

if (box) {
  const search = document.querySelector("[data-search]");
  search?.addEventListener("scan", (event) => {
    if (event.detail.kind !== "card") return;
    event.preventDefault(); // whose it is belongs into no address
    tell(box.dataset.wordsCard);
  });
  addEventListener("load", () => setTimeout(listen, 300));
  for (const one of ["online", "offline", "focus"]) addEventListener(one, () => soon(0));
  setInterval(() => { if (!listening || new Date() - read > 60000) refresh(); }, 15000);
}
