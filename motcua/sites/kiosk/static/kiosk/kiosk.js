/* kiosk.js: the one page of a kiosk; see docs/reference/kiosk.md. Views are parts that the server draws; the page
   itself never leads elsewhere, so it stays while the server is away, and nothing of a visitor is in a history. */

const SAME = 400; // ms in which a second touch is the first one's shadow
const PULSE = 2000; // ms between two questions whether the server is there
const PATIENCE = 2500; // ms after which it is not: with PULSE less than the five seconds in which the page must say so
const ANSWER = 4000; // ms that a view may take before it is asked for again
const AGAIN = 1500; // ms between two tries
const PAPER = 12000; // ms in which a paper must have gone to the printer
const GRACE = 8000; // ms in which somebody says that no paper came
const SENT = "#"; // where a view stands that came for something sent
const RING = 2000; // ms between two looks whether the guide comes
const RUNG = 240_000; // ms for which somebody who waits for the guide need not touch anything
const FILL = 3_600_000; // ms between two times at which what is kept for later is fetched anew
const WATCH = 2000; // ms between two looks whether a station or a phone has the number

const root = document.documentElement;
const view = document.getElementById("view");
const asleep = document.querySelector("[data-asleep]");
const banner = document.querySelector("[data-away]");
const speaker = document.querySelector("[data-speak]");
const named = (name) => new Map([...document.querySelectorAll(`template[data-${name}]`)].map((one) => [one.dataset[name], one]));
const starts = named("start");
const gone = named("gone");
const [IDLE, WARN] = [Number(root.dataset.idle) * 1000, Number(root.dataset.warn) * 1000];

let visit = new AbortController(); // of one visitor: what is under way ends with the visit
let places = []; // what "back" leads to: addresses, in memory alone
let here = "";
let touched = performance.now();
let frame = null;
let sound = null;
let spoken = false;
let waitsFor = ""; // what is shown again once the server is back
let called = null; // the view that waits for the guide
let ticket = null; // the number on the screen, while it matters whether its paper came

root.style.setProperty("--scale", String(Number(root.dataset.scale) / 100));

const sleep = (time, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, time);
  signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});
const secret = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

// ── The server

class Away extends Error {} // no answer: asked again
class No extends Error {} // an answer that no asking changes

async function ask(url, { body, signal, patience = ANSWER } = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  const stop = () => limit.abort();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const answer = await fetch(url, {
      method: body ? "POST" : "GET", body, signal: limit.signal, redirect: "manual", cache: "no-store",
      headers: { "X-Kiosk": root.lang }, credentials: "same-origin",
    });
    if (answer.type === "opaqueredirect") location.replace(location.pathname); // not paired any more
    if (!answer.ok) throw answer.status < 500 && answer.status >= 400 ? new No(String(answer.status)) : new Away(String(answer.status));
    return answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : await answer.text();
  } catch (fault) {
    if (signal?.aborted) throw signal.reason;
    throw fault instanceof Away || fault instanceof No ? fault : new Away(String(fault));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/* Ask until there is an answer or the visit ends. Each try carries the same body and with it the same key: the server
   does once what it is told several times. */
async function insist(url, { body, signal = visit.signal } = {}) {
  for (;;) {
    try {
      const answer = await ask(url, { body, signal });
      root.classList.remove("is-trying");
      return answer;
    } catch (fault) {
      if (!(fault instanceof Away)) throw fault;
      root.classList.add("is-trying");
      away(true);
      await sleep(AGAIN, signal);
    }
  }
}

function away(is) {
  banner.hidden = !is;
  root.classList.toggle("is-away", is);
  for (const tile of view.querySelectorAll(".is-start button")) tile.disabled = is && !("kept" in tile.dataset && navigator.serviceWorker?.controller);
  if (!is && waitsFor) go(waitsFor, { same: true });
}

async function pulse() {
  for (;;) {
    try {
      const state = await ask("/ki-ot/nhip", { patience: PATIENCE });
      if (!root.classList.contains("is-trying")) away(false);
      if (state.version !== root.dataset.version && !here) location.reload();
    } catch {
      away(true);
    }
    await sleep(PULSE);
  }
}

// ── Views

function show(markup, url) {
  quiet();
  waitsFor = "";
  called = null;
  // The server's own markup, of this very origin.
  view.innerHTML = markup;
  here = url;
  const part = view.firstElementChild;
  root.classList.toggle("is-start", part.dataset.view === "start");
  speaker.hidden = !(root.dataset.voice && part.dataset.voice);
  view.scrollTo(0, 0);
  scrollTo(0, 0);
  root.classList.toggle("is-long", Math.max(view.scrollHeight - view.clientHeight, root.scrollHeight - innerHeight) > 4);
  const field = part.querySelector("[data-scan-here]");
  if (field) field.focus({ preventScroll: true });
  else view.focus({ preventScroll: true });
  touched = performance.now();
  if (part.dataset.state) hold(part);
  if (part.dataset.call) ring(part);
  if (spoken) say(part.dataset.voice);
  if (part.dataset.homeIn) homeIn(Number(part.dataset.homeIn) * 1000);
}

async function go(url, { same = false } = {}) {
  const mine = visit.signal;
  busy(true);
  try {
    const markup = await ask(url, { signal: mine });
    if (mine.aborted) return;
    if (!same && here !== url) remember();
    show(markup, url);
  } catch (fault) {
    if (!(fault instanceof Away)) return ended(fault);
    if (!same && here !== url) remember();
    without(url);
  } finally { busy(false); }
}

/* What cannot be shown while the server is away: say where numbers are, and go on alone when it is back. */
function without(url) {
  if (waitsFor !== url || view.firstElementChild.dataset.view !== "gone") show(gone.get(root.lang).innerHTML, url);
  waitsFor = url;
  away(true);
}

async function send(form) {
  const mine = visit.signal;
  if (root.classList.contains("is-away")) { remember(); return show(gone.get(root.lang).innerHTML, SENT); } // nothing is promised that may never be done
  const body = new URLSearchParams(new FormData(form));
  body.set("key", secret());
  busy(true);
  try {
    const markup = await insist(form.dataset.send, { body, signal: mine });
    remember();
    show(markup, SENT);
  } catch (fault) { ended(fault); } finally { busy(false); }
}

/* What was sent is not asked for again: a number is not drawn by going back. */
function remember() {
  if (here && here !== SENT) places.push(here);
}

function ended(fault) {
  if (fault instanceof No) home();
}

function busy(is) {
  root.classList.toggle("is-busy", is);
}

function back() {
  const step = view.querySelector("form[data-back-step]"); // the question before
  if (step) return send(step);
  const url = places.pop();
  if (!url || view.querySelector("[data-state]")) home();
  else go(url, { same: true });
}

/* Back to the start: nothing of the visit is left, neither in the page nor in its memory. */
function home() {
  leave();
  visit.abort(new DOMException("home", "AbortError"));
  visit = new AbortController();
  places = [];
  asleep.close();
  root.classList.remove("is-large", "is-contrast", "is-trying", "is-busy");
  root.classList.toggle("is-low", "low" in root.dataset);
  for (const one of document.querySelectorAll("[data-switch]")) one.setAttribute("aria-pressed", String(root.classList.contains(one.dataset.switch)));
  frame?.remove();
  frame = null;
  listen(false);
  speak("vi");
}

function speak(language) {
  root.lang = language;
  show(starts.get(language).innerHTML, "");
  away(!banner.hidden);
}

async function homeIn(time) {
  try {
    await sleep(time, visit.signal);
    home();
  } catch { /* somebody was quicker */ }
}

// ── The guide

/* The view rings as soon as it is there, and says what becomes of it. Who waits for somebody need not touch anything. */
async function ring(part) {
  called = part;
  const began = performance.now();
  const say = (state) => {
    if (part.dataset.call !== state) part.dataset.call = state;
    if (performance.now() - began < RUNG) touched = performance.now();
  };
  const key = secret();
  let rung = false;
  while (called === part) {
    try {
      const now = rung ? await ask(root.dataset.ringing) : await ask(root.dataset.ring, { body: new URLSearchParams({ key }) });
      if (called !== part) return;
      rung = true;
      part.querySelector("[data-call-place]").textContent = now.place;
      say(now.state || part.dataset.call);
    } catch (fault) {
      if (fault instanceof No) return;
      if (!rung) say("away");
    }
    await sleep(RING);
  }
}

function needsNobody() {
  called = null;
  ask(root.dataset.ring, { body: new URLSearchParams({ key: secret(), thoi: "1" }) }).catch(() => {});
  back();
}

// ── Paper

function print(url) {
  return new Promise((resolve, reject) => {
    frame?.remove();
    frame = document.createElement("iframe");
    frame.className = "k-frame";
    frame.tabIndex = -1;
    frame.setAttribute("aria-hidden", "true");
    const timer = setTimeout(reject, PAPER);
    frame.addEventListener("load", () => {
      try {
        const paper = frame.contentWindow;
        if (!paper.document.documentElement.matches(".k-paper")) throw new Error("no paper");
        paper.addEventListener("afterprint", () => { clearTimeout(timer); resolve(); }, { once: true });
        // Not before its letters are there: others are wider, and cut the number.
        paper.document.fonts.ready.then(() => paper.print(), reject);
      } catch (fault) { reject(fault); } // what came is a page of an error, perhaps the browser's own
    });
    frame.src = url;
    document.body.append(frame);
  });
}

/* A number is on the screen. It waits once somebody holds it: the paper came out, or a phone opened its page. */
function hold(part) {
  const mine = { part, url: part.dataset, told: false };
  ticket = mine;
  if (part.dataset.state === "held") { ticket = null; return homeIn(20_000); }
  watch(mine);
  printed(mine, part.dataset.printer);
}

function printed(one, by) {
  one.part.dataset.printer = by;
  if (by === "browser") return paper(one);
  state(one, "printing");
  return sleep(PAPER * 2).then(() => { if (ticket === one && one.part.dataset.state === "printing") state(one, "trouble"); });
}

async function again(one) {
  if (one.part.dataset.printer === "browser") return paper(one);
  state(one, "printing");
  try {
    const said = await insist(one.url.againUrl, { body: new URLSearchParams({ key: secret() }) });
    if (ticket === one) printed(one, said.printer);
  } catch {
    if (ticket === one) state(one, "trouble");
  }
}

function state(one, name) {
  one.part.dataset.state = name;
  touched = performance.now();
}

async function paper(one) {
  state(one, "printing");
  try {
    await print(one.url.paper);
    if (ticket !== one) return;
    state(one, "asking");
    await sleep(GRACE);
    if (ticket === one && one.part.dataset.state === "asking") yes(one);
  } catch {
    if (ticket === one) state(one, "trouble");
  }
}

function yes(one) {
  if (one.told) return;
  one.told = true;
  // Said until it is heard, also after the visitor went: this is what makes the number real.
  insist(one.url.held, { body: new URLSearchParams({ key: secret() }), signal: new AbortController().signal }).catch(() => {});
  state(one, "held");
  ticket = null;
  homeIn(20_000);
}

async function watch(one) {
  while (ticket === one) {
    await sleep(WATCH);
    if (ticket !== one || one.part.dataset.state === "asking") continue;
    try {
      const now = await ask(one.url.watch);
      if (now.held && ticket === one) { ticket = null; state(one, "held"); homeIn(20_000); }
      else if (now.print && ticket === one && one.part.dataset.state === "printing") state(one, now.print === "unsure" ? "asking" : "trouble");
    } catch { /* asked again */ }
  }
}

/* The visitor goes while a number is on the screen: with the paper that came out, or without any. */
function leave() {
  const one = ticket;
  ticket = null;
  if (!one) return;
  if (one.part.dataset.state === "asking") yes(one);
  else if (one.part.dataset.state === "trouble") ask(one.url.void, { body: new URLSearchParams({ key: secret() }) }).catch(() => {});
}

// ── Touch

let last = { at: -SAME, key: null };
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button, label, summary");
  if (!button || !event.isTrusted) return;
  const now = performance.now();
  touched = now;
  const another = button.matches(".k-key") && last.key !== button; // a quick typist is no shaking hand
  if (now - last.at < SAME && !another) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  last = { at: now, key: button };
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button || root.classList.contains("is-busy") && !button.matches("[data-home], [data-stay]")) return;
  const { dataset } = button;
  if ("home" in dataset) home();
  else if ("back" in dataset) back();
  else if ("stay" in dataset) asleep.close();
  else if (dataset.go) go(dataset.go, { same: "same" in dataset });
  else if (dataset.switch) turn(button);
  else if ("language" in dataset) language();
  else if ("speak" in dataset) listen(!spoken);
  else if (dataset.print) print(dataset.print).catch(() => {});
  else if ("yes" in dataset && ticket) yes(ticket);
  else if ("no" in dataset && ticket) state(ticket, "trouble");
  else if ("again" in dataset && ticket) again(ticket);
  else if ("callStop" in dataset) needsNobody();
  else if ("giveUp" in dataset) home();
  else if (dataset.scroll) for (const one of [view, window]) one.scrollBy({ top: Number(dataset.scroll) * innerHeight * 0.5 });
  else type(button);
});

function turn(button) {
  const on = root.classList.toggle(button.dataset.switch);
  button.setAttribute("aria-pressed", String(on));
}

function language() {
  const next = root.lang === "vi" ? "en" : "vi";
  if (!here) speak(next);
  else {
    root.lang = next;
    if (here !== SENT) go(here, { same: true });
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.send && !root.classList.contains("is-busy")) send(form);
});

addEventListener("contextmenu", (event) => event.preventDefault());

// ── Keys on the screen, keys of a scanner

let looking = 0;
function type(button) {
  const field = button.closest("form")?.querySelector(".k-input");
  if (!field) return;
  if (button.dataset.type) field.value = (field.value + button.dataset.type).slice(0, field.maxLength);
  else if ("erase" in button.dataset) field.value = field.value.slice(0, -1);
  else if ("clear" in button.dataset) field.value = "";
  else return;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

view.addEventListener("input", (event) => {
  touched = performance.now();
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  const number = ++looking;
  const mine = visit.signal;
  setTimeout(async () => {
    if (number !== looking || mine.aborted) return;
    try {
      const markup = await ask(form.dataset.live + encodeURIComponent(event.target.value), { signal: mine });
      if (number === looking && form.isConnected) form.querySelector("[data-results]").innerHTML = markup;
    } catch { /* the next key asks again */ }
  }, 300);
});

/* A scanner types into whatever has the focus. Where that is no field, its keys are gathered here until its Enter; no
   timing but a long silence, so that a busy machine loses none. Outside the start and the views that ask for a scan
   they are thrown away. */
let burst = "";
let struck = 0;
document.addEventListener("keydown", (event) => {
  touched = performance.now();
  if (event.target.matches?.("input:not([type=radio], [type=checkbox])")) return;
  if (performance.now() - struck > 2000) burst = "";
  struck = performance.now();
  if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
    burst = (burst + event.key).slice(-300);
    if (event.key === " ") event.preventDefault();
  } else if (event.key === "Enter" && burst.length >= 6) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const part = view.firstElementChild;
    if (["start", "scan"].includes(part.dataset.view) && !root.classList.contains("is-busy")) scanned(burst, part.dataset.aim ?? "");
    burst = "";
  }
}, true);

function scanned(text, aim) {
  const form = document.createElement("form");
  form.dataset.send = "/ki-ot/da-quet/";
  for (const [name, value] of [["text", text], ["viec", aim]]) {
    const field = document.createElement("input");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  send(form);
}

// ── Voice

/* Who asked once to be spoken to is spoken to until the visit ends. */
function listen(on) {
  spoken = on;
  speaker.setAttribute("aria-pressed", String(on));
  if (on) say(view.firstElementChild.dataset.voice);
  else quiet();
}

function say(name) {
  quiet();
  if (!name) return;
  sound = new Audio(`${root.dataset.voice}${name}.wav?lang=${root.lang}`);
  sound.addEventListener("error", () => { speaker.hidden = true; });
  sound.play().catch(() => {});
}

function quiet() {
  sound?.pause();
  sound = null;
}

// ── Time

function tick() {
  document.querySelector("[data-clock]").textContent = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  const still = performance.now() - touched;
  if (!here && !changed()) return asleep.open && asleep.close();
  if (still >= IDLE) return home();
  if (still >= IDLE - WARN) {
    if (!asleep.open) { asleep.showModal(); if (spoken) say("timeout"); }
    asleep.querySelector("[data-left]").textContent = String(Math.ceil((IDLE - still) / 1000));
  } else if (asleep.open) asleep.close();
}

/* At the start somebody may still have changed the language or the look. */
function changed() {
  return root.lang !== "vi" || [...document.querySelectorAll("[data-switch]")].some((one) => one.getAttribute("aria-pressed") !== String(one.dataset.switch === "is-low" && "low" in root.dataset));
}

// While the question stands, its buttons alone answer it: closed under a finger, the lift would hit what is below.
addEventListener("pointerdown", () => { if (!asleep.open) touched = performance.now(); }, true);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

root.classList.add("is-start");
speaker.hidden = !root.dataset.voice;

/* The worker keeps page and procedures for when the server is away. It is asked to look again each hour, and only while
   nobody is here. Where there can be none (no TLS, another browser) all works but that. */
async function keep() {
  try {
    await navigator.serviceWorker.register(root.dataset.worker, { scope: location.pathname });
    for (;;) {
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage("fill");
      await sleep(FILL);
      while (here) await sleep(PULSE);
      await (await navigator.serviceWorker.ready).update();
    }
  } catch { /* as without */ }
}
if (navigator.serviceWorker) keep();
setInterval(tick, 250);
tick();
pulse();
