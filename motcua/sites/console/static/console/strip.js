/* strip.js: the counter's strip on every work page, and time that runs.
   - Its buttons act without leaving the page: what is half typed on it stays. Only "next" leads away.
   - [data-running] counts on from the seconds it came with, by a clock that nobody sets. */

const came = new WeakMap();

function tick() {
  for (const one of document.querySelectorAll("[data-running]")) {
    if (!came.has(one)) came.set(one, performance.now() - Number(one.dataset.running) * 1000);
    const seconds = Math.floor((performance.now() - came.get(one)) / 1000);
    const text = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    if (one.textContent !== text) one.textContent = text;
  }
}
tick();
setInterval(tick, 1000);

let busy = false;
const strip = () => document.querySelector("[data-strip]");

function say(text) {
  const line = document.createElement("p");
  line.className = "mc-strip__refusal";
  line.setAttribute("role", "alert");
  line.textContent = text;
  strip()?.querySelector(".mc-strip__refusal")?.remove();
  strip()?.append(line);
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("[data-strip] form");
  if (!form || "leads" in form.dataset) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  strip().classList.add("is-busy");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Motcua-Strip": "1" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const held = strip().contains(document.activeElement);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-strip]");
    if (fresh) strip().replaceWith(document.adoptNode(fresh));
    else strip().remove();
    tick();
    if (held) strip()?.querySelector("button, a")?.focus();
  } catch {
    say(strip().dataset.wordsAway);
  } finally {
    busy = false;
    strip()?.classList.remove("is-busy");
  }
});
