/* hall.js: the calls of a hall. One after the other, each at least five seconds, however many come at once; spoken where
   the hall speaks. Lists that do not fit are turned like pages; nothing scrolls. */

const main = document.getElementById("main");
const now = main.querySelector("[data-now]");
const call = now.querySelector("[data-call]");
const foot = main.querySelector("[data-foot]");
const mute = main.querySelector("[data-mute]");
const HOLD = 5000; // ms a new call stands alone
const OLD = 180_000; // ms after which a call that was missed is listed and not announced
const TURN = 10_000; // ms a page of a list stands
const GAP = 0.3; // between two columns, in font sizes (boards.css)
const HOURS = 300_000; // ms between two looks when a closed hall opens
const WHY_WIDE = 1.9; // "ƯT" beside a number with its gap, in font sizes
const WHY = { priority: "ƯT", booking: "ĐL" };

const waiting = []; // calls not announced yet
const said = []; // calls as they were announced, the last one first
let state = null;
let busy = false;
let turns = 0;

document.addEventListener("board:state", ({ detail }) => {
  const closed = main.dataset.calm === "closed";
  state = detail.state;
  if (detail.first) {
    for (const one of state.calls) keep(one);
    show();
  }
  for (const one of detail.fresh) {
    if (detail.now - Date.parse(one.at) > OLD) keep(one);
    else waiting.push(one);
  }
  draw();
  if (!closed) hours(); // just closed: the page may be days old
  if (!busy) announce();
});
document.addEventListener("board:day", () => { // midnight, or the screen slept: yesterday's calls go
  said.length = 0;
  for (const one of state?.calls ?? []) if (!waiting.includes(one)) keep(one);
  if (state) draw();
});
document.addEventListener("board:size", () => state && draw());

const dayOf = (moment) => new Date(moment).toLocaleDateString("en-CA", { timeZone: "Asia/Ho_Chi_Minh" });

function keep(one) {
  if (dayOf(one.at) !== main.dataset.day) return;
  const before = said.findIndex((other) => other.label === one.label);
  if (before >= 0) said.splice(before, 1);
  said.unshift(one);
  said.length = Math.min(said.length, 12);
}

async function announce() {
  busy = true;
  while (waiting.length) {
    const one = waiting.shift();
    keep(one);
    show();
    list();
    now.dataset.new = "";
    main.dataset.shown = `${main.dataset.shown ?? ""} ${one.call}`.trim().split(" ").slice(-40).join(" ");
    await Promise.all([new Promise((done) => setTimeout(done, HOLD)), speak(one)]);
    delete now.dataset.new;
  }
  busy = false;
}

function show() {
  const one = said[0];
  calm(one);
  call.hidden = !one;
  if (!one) return;
  call.querySelector("[data-label]").textContent = one.label;
  call.querySelector("[data-why]").textContent = WHY[one.why] ?? "";
  call.querySelector("[data-to]").textContent = one.counter;
  call.classList.remove("is-tight");
  call.classList.toggle("is-tight", call.scrollWidth > now.clientWidth);
}

/* What stands there while nobody is called: that nobody was yet, or that the counters are closed, and until when. */
function calm(one) {
  const closed = Boolean(state) && state.counters.every((other) => other.state === "closed");
  const none = Boolean(state) && !closed && !one;
  if (closed || none) main.dataset.calm = closed ? "closed" : "none";
  else delete main.dataset.calm;
  main.querySelector("[data-none]").hidden = !none;
  main.querySelector("[data-none-more]").hidden = !none || !state.open;
  for (const name of ["closed", "opens"]) main.querySelector(`[data-${name}]`).hidden = !closed;
}

async function hours() {
  if (main.dataset.calm !== "closed") return;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const sent = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-opens]");
    if (sent) main.querySelector("[data-opens]").textContent = sent.textContent;
  } catch {
    // The banner of board.js says that the link is lost.
  }
}
setInterval(hours, HOURS);

// ── Voice: one clip a call, made by the server; where there is none, the screen alone calls.

let refused = null; // the last call that the browser would not let be heard

function speak(one) {
  if (!one.voice) return Promise.resolve();
  return new Promise((end) => {
    const clip = new Audio(`${main.dataset.sound}${one.call}.wav`);
    clip.volume = (state?.volume ?? 80) / 100;
    const done = () => {
      clip.pause(); // whatever happens, two calls never talk over each other
      clearTimeout(late);
      end();
    };
    const late = setTimeout(done, 25_000);
    clip.addEventListener("ended", done);
    clip.addEventListener("error", done);
    clip.play().then(
      () => { mute.hidden = true; },
      (fault) => {
        if (fault.name === "NotAllowedError") {
          mute.hidden = false;
          refused = one;
        }
        done();
      },
    );
    main.dataset.spoken = `${main.dataset.spoken ?? ""} ${one.call}`.trim().split(" ").slice(-40).join(" ");
  });
}
mute.querySelector("button").addEventListener("click", () => {
  mute.hidden = true; // the touch itself lets the browser play from now on
  const one = refused;
  refused = null;
  if (one && one === said[0] && !busy) {
    waiting.unshift(one); // whoever touched hears that it works
    announce();
  }
});

// ── Lists

function row(name, fill) {
  const made = document.getElementById(name).content.firstElementChild.cloneNode(true);
  fill((field, text) => { made.querySelector(`[data-${field}]`).textContent = text; }, made);
  return made;
}

function page(name, items) {
  const place = main.querySelector(`[data-list="${name}"]`);
  const text = parseFloat(getComputedStyle(place).fontSize);
  const cell = Number(place.dataset.cell) + (main.dataset.level === "near" && items.some((one) => one.querySelector(".bd-why")?.textContent) ? WHY_WIDE : 0);
  const columns = Math.max(1, Math.floor((place.clientWidth / text + GAP) / (cell + GAP)));
  const lines = Math.max(1, Math.floor((place.clientHeight + 1) / (text * (main.dataset.level === "far" ? 1.12 : 1.25))));
  const fits = columns * lines;
  place.style.setProperty("--columns", String(columns));
  place.style.setProperty("--lines", String(lines));
  const pages = Math.max(1, Math.ceil(items.length / fits));
  place.dataset.pages = String(pages);
  const first = (turns % pages) * fits;
  place.replaceChildren(...items.slice(first, first + fits));
}

function list() {
  const before = said.slice(1, 6).map((one) => row("before-row", (put) => {
    put("label", one.label);
    put("why", WHY[one.why] ?? "");
    put("to", one.counter);
  }));
  page("before", before);
}

function draw() {
  show();
  list();
  const open = state.counters.filter((one) => one.state !== "closed");
  page("counters", open.map((one) => row("counter-row", (put, made) => {
    put("number", one.number);
    if (one.ticket) put("ticket", one.ticket);
    else made.querySelector("[data-ticket]").remove();
    made.className = `is-${one.state}`;
    if (!one.ticket) made.querySelector(`[data-off="${one.state}"]`).hidden = false;
  })));
  page("services", state.services.map((one) => row("service-row", (put) => {
    put("prefix", one.prefix);
    put("name", one.name);
    put("waiting", one.waiting);
  })));
  footer();
}

function footer() {
  const { rule, first, booked, shut, waits, all } = foot.dataset;
  const texts = state.open ? [] : [shut];
  texts.push(state.normals ? rule.replace("{n}", state.normals) : first);
  texts.push(booked);
  if (main.dataset.level === "near") texts.push(all.replace("{n}", state.waiting));
  else texts.push(...state.services.map((one) => waits.replace("{name}", `${one.prefix} ${one.name}`).replace("{n}", one.waiting)));
  foot.textContent = texts[turns % texts.length];
}

setInterval(() => {
  if (!state || busy) return; // while somebody is called nothing else moves
  turns += 1;
  main.dataset.side = main.dataset.level === "far" && turns % 4 === 3 ? "rule" : "";
  draw();
}, TURN);
