/* calls.js: kiosks that ask for the guide, on the guide desk and beside the counter. Without it the desk shows them
   when it is loaded. It looks when the channel tells of one, and every 10 s without. */

const box = document.querySelector("[data-calls]");
const byItself = { "X-Motcua-Background": "1" };
const title = document.title;
let known = 0;
let sound = null;

/* Two soft tones; browsers allow them once somebody has touched or typed on the page. */
function chime() {
  if (!navigator.userActivation?.hasBeenActive) return;
  sound ??= new AudioContext();
  for (const [at, pitch] of [[0, 880], [0.25, 660]]) {
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    const start = sound.currentTime + at;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.2, start);
    loud.gain.exponentialRampToValueAtTime(0.001, start + 0.4);
    tone.connect(loud).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  }
}

function told() {
  const count = Number(box.querySelector("[data-calls-now]")?.dataset.callsNow ?? 0);
  if (count > known) chime();
  known = count;
  document.title = count ? `(${count}) ${title}` : title;
}

async function look() {
  try {
    const answer = await fetch(box.dataset.calls, { headers: byItself });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-calls-now]");
    const held = box.contains(document.activeElement);
    if (held && fresh.dataset.callsNow === String(known)) return; // a finger is on its button
    box.replaceChildren(document.adoptNode(fresh));
    told();
  } catch { /* the next look */ }
}

async function listen() {
  try {
    const answer = await fetch("/live/token", { headers: { Accept: "application/json", ...byItself } });
    const { url } = answer.ok && !answer.redirected ? await answer.json() : {};
    if (!url) throw new Error("no channel");
    const source = new EventSource(url);
    source.addEventListener("changed", (event) => { if (JSON.parse(event.data).name === "counters.help_asked") look(); });
    source.addEventListener("error", () => { source.close(); setTimeout(listen, 5000); });
  } catch {
    setTimeout(listen, 30000);
  }
}

if (box) {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("[data-answer]");
    if (!form) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    try { await fetch(form.action, { method: "POST", body }); } finally { document.activeElement?.blur(); look(); }
  });
  told();
  setInterval(look, 10000);
  // The counter's page listens already, and passes on what it hears.
  if (document.querySelector("[data-console]")) document.addEventListener("motcua:news", (event) => { if (event.detail === "counters.help_asked") look(); });
  else addEventListener("load", () => setTimeout(listen, 300));
}
