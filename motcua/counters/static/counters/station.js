/* station.js: a button with data-station="URL" gives the station at the counter a job and follows it.
   POST URL answers {"job": where to ask, "take": where the scanned pages are taken}, or 4xx with {"message"}.
   GET job answers {"state", "words", "open", "choices"}: the words are shown beside the button; choices are buttons for
   what only a person can see (did the paper come out?). A scan that is done is taken by POST take, whose HTML goes into
   the list named by data-station-list. data-station-job and data-station-take on a fresh page go on where it was left. */

const PAUSE = 1000;
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const busy = new Set();
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
const key = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/* How to scan, where the page lets choose it (counters/scan_how.html). */
const how = () => Object.fromEntries([...document.querySelectorAll("[data-how]")].map((one) => [one.dataset.how, one.value]));

function send(url, body = {}) {
  return fetch(url, { method: "POST", body: new URLSearchParams({ key: key(), ...body }), headers: { "X-CSRFToken": token() }, credentials: "same-origin" });
}

/* The page may draw its parts anew meanwhile: the words go where the button stands now. */
function told(url) {
  const button = document.querySelector(`[data-station="${CSS.escape(url)}"]`);
  if (!button) return null;
  const box = button.closest("[data-row], .mc-here") ?? button.parentElement;
  let place = box.querySelector(".mc-here__said");
  if (!place) {
    place = document.createElement("span");
    place.className = "mc-here__said";
    place.setAttribute("role", "status");
    button.after(place);
  }
  return place;
}

function say(url, words, fault = false) {
  const place = told(url);
  if (!place || (place.textContent === words && !fault)) return;
  place.classList.toggle("is-fault", fault);
  place.textContent = words;
}

function ask(url, job, words, choices) {
  const place = told(url);
  if (!place) return;
  const asked = JSON.stringify(choices);
  if (place.dataset.asked === asked && place.querySelector("button")) { // the buttons stay under the finger while pages are counted
    const said = `${words} `;
    if (place.firstChild.textContent !== said) place.firstChild.textContent = said;
    return;
  }
  place.dataset.asked = asked;
  place.classList.remove("is-fault");
  place.textContent = `${words} `;
  for (const [answer, label] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mc-button is-secondary is-small";
    button.textContent = label;
    button.addEventListener("click", () => { place.textContent = ""; send(job, { answer }); });
    place.append(button, " ");
  }
}

async function take(url, address, list) {
  const answer = await send(address);
  if (!answer.ok) {
    say(url, await refusal(answer), true);
    return;
  }
  const html = await answer.text();
  const place = document.getElementById(list);
  if (place) place.innerHTML = html;
  place?.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: { name: "" } }));
}

async function refusal(answer) {
  try { return (await answer.json()).message; } catch { return `HTTP ${answer.status}`; }
}

async function follow(url, job, address, list) {
  busy.add(url);
  try {
    for (;;) {
      let said = null;
      try {
        const answer = await fetch(job, { credentials: "same-origin" });
        if (answer.ok && !answer.redirected) said = await answer.json();
        else if (answer.status === 404) return;
      } catch { /* the link broke: ask again */ }
      if (said?.choices.length) ask(url, job, said.words, said.choices);
      else if (said) say(url, said.words, said.state === "failed");
      if (said && !said.open) {
        if (said.state === "done" && address) await take(url, address, list);
        document.dispatchEvent(new CustomEvent("station", { detail: { url, state: said.state } }));
        return;
      }
      await sleep(PAUSE);
    }
  } finally {
    busy.delete(url);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-station]");
  if (!button) return;
  event.preventDefault();
  const { station: url, stationList: list } = button.dataset;
  if (busy.has(url)) return;
  busy.add(url);
  try {
    const answer = await send(url, list ? how() : {});
    if (answer.ok) {
      const started = await answer.json();
      await follow(url, started.job, started.take, list);
    } else say(url, await refusal(answer), true);
  } catch {
    say(url, button.dataset.stationOffline, true);
  } finally {
    busy.delete(url);
  }
});

document.addEventListener("change", (event) => {
  const box = event.target.dataset?.how && event.target.closest("[data-scan-how]");
  if (!box) return;
  const said = [...box.querySelectorAll("[data-how]")].map((one) => one.selectedOptions[0].textContent);
  box.querySelector("[data-how-said]").textContent = said.join(", ");
});

for (const button of document.querySelectorAll("[data-station-job]")) {
  const { station, stationJob, stationTake, stationList } = button.dataset;
  follow(station, stationJob, stationTake, stationList);
}
