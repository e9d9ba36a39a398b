/* door.js: a device that is not paired. Asks every three seconds whether it is by now, and shows its letters. */
const main = document.getElementById("main");
const lost = main.querySelector("[data-lost]");
const wait = main.querySelector("[data-wait]");
const halves = [...main.querySelectorAll("[data-half]")];

async function ask() {
  try {
    const answer = await fetch(main.dataset.ask, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!answer.ok && answer.status !== 429) throw new Error(String(answer.status));
    const { to, code, message } = await answer.json();
    lost.hidden = true;
    wait.textContent = message ?? "";
    wait.hidden = !message;
    if (to) {
      location.replace(to);
      return;
    }
    if (code && code !== halves.map((one) => one.textContent).join("")) {
      halves[0].textContent = code.slice(0, 3);
      halves[1].textContent = code.slice(3);
    }
  } catch {
    lost.hidden = false;
  }
  setTimeout(ask, 3000);
}
setTimeout(ask, 3000);
