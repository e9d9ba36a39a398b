// The page of a number: asks every few seconds for what changed, and tells its holder when the turn is near.
// Without this script the page is reloaded by hand. See docs/reference/tickets-on-phones.md.
const turn = document.getElementById("turn");
const lost = document.getElementById("lost");
const bell = document.getElementById("bell");
const asof = document.getElementById("asof");
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" };
const SUFFIX = document.title.slice(document.title.lastIndexOf(" · "));
const LATE = 3; // tries that fail before the page says that it is cut off
let news = turn.firstElementChild.dataset.news;
let timer = 0;
let failed = 0;
let sound = null;
let worker = null;

function again() {
  clearTimeout(timer);
  const every = Number(turn.firstElementChild.dataset.every);
  if (every) timer = setTimeout(read, (failed ? 5 : every) * 1000);
}

async function read() {
  clearTimeout(timer);
  try {
    const answer = await fetch("?phan=1", { cache: "no-cache", signal: AbortSignal.timeout?.(8000) });
    if (answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const tag = answer.headers.get("ETag")?.replace("W/", "");
    if (!tag || tag !== turn.firstElementChild.dataset.tag) show(await answer.text());
    asof.textContent = asof.textContent.replace(/\d\d:\d\d/, new Date().toLocaleTimeString("vi-VN", CLOCK));
    failed = 0;
  } catch {
    failed += 1;
  }
  lost.hidden = failed < LATE;
  again();
}

function show(text) {
  turn.innerHTML = text;
  const now = turn.firstElementChild.dataset;
  document.title = now.title + SUFFIX;
  if (now.news && now.news !== news) tell(now.title);
  news = now.news;
  if (now.every === "0" && bell) bell.hidden = true;
}

function tell(words) {
  if (sound ?? navigator.userActivation?.hasBeenActive) navigator.vibrate?.([400, 150, 400, 150, 800]);
  if (sound) ring();
  if (sound && document.hidden && globalThis.Notification?.permission === "granted") notify(words);
}

/* Android shows a notification only through a worker, computers also without; where neither may, title, sound and
   vibration remain. */
async function notify(words) {
  const how = { tag: "motcua", renotify: true, requireInteraction: true, vibrate: [400, 150, 400, 150, 800], data: { url: location.href } };
  try {
    if (worker) await worker.showNotification(words, how);
    else new Notification(words, { tag: "motcua", requireInteraction: true });
  } catch { /* the page itself says it */ }
}

/* Say what works on this phone, and no more. */
async function mayNotify() {
  try {
    if (!globalThis.Notification || (await Notification.requestPermission()) !== "granted") return bell.dataset.onPage;
    try {
      await navigator.serviceWorker.register(bell.dataset.worker, { scope: "/so/" });
      worker = await navigator.serviceWorker.ready;
    } catch { /* without one, where the browser lets us */ }
    return bell.dataset.onAway;
  } catch {
    return bell.dataset.onPage;
  }
}

function ring() {
  for (const [at, pitch] of [[0, 784], [0.35, 659], [0.7, 523]]) {
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    const start = sound.currentTime + at;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.5, start);
    loud.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
    tone.connect(loud).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 0.6);
  }
}

async function stayAwake() {
  try { await navigator.wakeLock?.request("screen"); } catch { /* a low battery refuses */ }
}

if (bell) {
  bell.hidden = false;
  bell.querySelector("button").addEventListener("click", async (event) => {
    const Sound = globalThis.AudioContext ?? globalThis.webkitAudioContext;
    if (Sound && !sound) sound = new Sound();
    await sound?.resume();
    if (sound) ring(); // what it will sound like, and proof that it may
    navigator.vibrate?.(200);
    bell.querySelector("p").textContent = bell.dataset.onPage;
    event.target.hidden = true;
    stayAwake();
    bell.querySelector("p").textContent = await mayNotify();
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (sound) stayAwake();
  read();
});

const keep = turn.querySelector("form[data-send]");
if (keep) {
  fetch(keep.action, { method: "POST" }).then(read, again);
} else {
  again();
}
