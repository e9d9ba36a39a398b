/* board.js: what every screen of a hall does.
   - letters as large as the farthest seat needs (sizes.py does the same sum);
   - listens to the live process and hands what it hears to the page as the event "board:state"; asks every two
     seconds instead where it cannot listen; names its last call, so that it misses none;
   - says that the link is lost when it heard nothing for four seconds;
   - keeps the day of the hall (main.dataset.day) and tells the page of a new one ("board:day");
   - shows the time of the server, not of the machine behind the screen. */

const main = document.getElementById("main");
const lost = main.querySelector("[data-lost]");
const clock = main.querySelector("[data-clock]");
const ARC = 22 / 60; // degrees of text; digits of a number are twice as high
const CAPITAL = 0.7; // height of digits and capitals in a font size
const QUIET = 4000; // ms without a sign of life
const MOST_LINES = 14; // a near screen is filled with larger letters, not with more of them

// ── Sizes

function size() {
  const { innerWidth: width, innerHeight: height } = window;
  const millimetres = (Number(main.dataset.inches) * 25.4) / Math.hypot(width, height); // of one pixel
  const least = (Number(main.dataset.distance) * 1000 * Math.tan((ARC * Math.PI) / 180)) / CAPITAL / millimetres;
  const text = Math.max(least, Math.min(height / MOST_LINES, width / 15) / 1.25);
  const lines = height / (text * 1.25);
  main.style.setProperty("--t", `${text}px`);
  main.style.setProperty("--n", `${Math.max(2 * least, Math.min(0.3 * height, width / 6.4))}px`);
  const tall = height > width;
  main.dataset.level = lines < (tall ? 12 : 7) ? "far" : lines < (tall ? 24 : 12) ? "mid" : "near";
  main.dataset.shape = tall ? "tall" : "wide";
  name();
  document.dispatchEvent(new CustomEvent("board:size"));
}

// The longest name of the place that stands in one line, in two on a tall screen.
function name() {
  const names = [...main.querySelectorAll("h1 [data-name]")];
  const place = names[0]?.parentElement;
  const line = place && parseFloat(getComputedStyle(place).fontSize) * 1.3;
  names.find((one) => {
    for (const other of names) other.hidden = other !== one;
    return one === names.at(-1) || (place.scrollWidth <= place.clientWidth + 1 && place.scrollHeight <= line * (main.dataset.shape === "tall" ? 2 : 1));
  });
}
addEventListener("resize", size);
document.fonts?.ready.then(size);
size();

// ── The link

let last = -1; // number of the last call this screen has; -1 before it heard anything
let heard = performance.now();
let ahead = 0; // ms by which the server's clock is ahead of this machine's
let source = null;
let streams = false; // the stream brought something
let tag = "";
let pause = 500;
let ticked = Date.now();
let tries = 0;
const PATIENCE = 5000; // ms for an answer: a dead network otherwise keeps a question for minutes

function contact(now) {
  heard = performance.now();
  if (now) {
    ahead = Date.parse(now) - Date.now();
    today();
  }
  if (!lost.hidden) lost.hidden = true;
}

// The day of the hall, by the server's clock: what was called on another stands on no screen.
function today() {
  const day = new Date(Date.now() + ahead).toLocaleDateString("en-CA", { timeZone: "Asia/Ho_Chi_Minh" });
  if (main.dataset.day === day) return;
  main.dataset.day = day;
  document.dispatchEvent(new CustomEvent("board:day"));
}

function take(state, told) {
  if (state.last < last) {
    if (!told) return; // an answer that is a second old
    last = -1; // the database was put back
  }
  const first = last < 0;
  const fresh = first ? [] : state.calls.filter((one) => one.call > last);
  last = state.last;
  main.dataset.last = String(last);
  document.dispatchEvent(new CustomEvent("board:state", { detail: { state, fresh, first, now: Date.now() + ahead } }));
}

async function listen() {
  const mine = ++tries;
  source?.close();
  source = null;
  streams = false;
  try {
    const answer = await fetch(main.dataset.token, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 410) return dark();
    const { url, stamp } = await answer.json();
    if (mine !== tries) return; // another try began meanwhile
    if (stamp !== main.dataset.stamp) return location.reload();
    const stream = new EventSource(last < 0 ? url : `${url}&after=${last}`);
    source = stream;
    stream.addEventListener("beat", (event) => {
      streams = true;
      pause = 500;
      contact(JSON.parse(event.data).now);
    });
    stream.addEventListener("hall", (event) => {
      streams = true;
      contact();
      take(JSON.parse(event.data), true);
    });
    stream.addEventListener("revoked", dark);
    stream.addEventListener("error", () => {
      if (source !== stream) return;
      stream.close(); // its token is used up: only a new one opens another
      source = null;
      streams = false;
      again();
    });
  } catch {
    if (mine === tries) again();
  }
}

function again() {
  setTimeout(listen, pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, 8000);
}

async function ask() {
  if (!streams) {
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(last < 0 ? main.dataset.state : `${main.dataset.state}?after=${last}`, { cache: "no-store", headers, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 410) return dark();
      if (answer.status === 304) contact();
      else if (answer.ok) {
        tag = answer.headers.get("ETag") ?? "";
        const state = await answer.json();
        contact(state.now);
        take(state, false);
      }
    } catch {
      // The banner says it; the next question may be answered.
    }
  }
  setTimeout(ask, 2000);
}

function dark() {
  source?.close();
  main.hidden = true; // revoked: nothing of the hall stays on it
  location.replace(main.dataset.door);
}

function tick() {
  const now = Date.now();
  const slept = now - ticked > 10_000 || now < ticked - 2000;
  ticked = now;
  if (slept) {
    lost.hidden = false;
    heard = performance.now() - QUIET;
    listen();
  } else if (performance.now() - heard > QUIET) {
    lost.hidden = false;
    if (source && performance.now() - heard > 2 * QUIET) {
      heard = performance.now() - QUIET;
      listen(); // open, as it seems, and yet silent: a cable was pulled
    }
  }
  today();
  if (clock) {
    const time = new Date(now + ahead);
    const text = time.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    if (clock.textContent !== text) clock.textContent = text;
  }
}
setInterval(tick, 500);
tick();
ask();
listen();
