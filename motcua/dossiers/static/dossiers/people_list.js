/* people_list.js: taking a list in, a few lines a request, with how far it is. Stopped half-way, the same button goes
   on: the server takes no line twice. Without script the button takes fifty lines a press. */

const form = document.getElementById("take-in");
const bar = form?.querySelector("progress");
const said = form?.querySelector("[data-progress]");

async function step() {
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "X-Motcua-Script": "1" };
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers, credentials: "same-origin" });
  if (answer.redirected || !(answer.headers.get("Content-Type") ?? "").includes("json")) throw new Error("stopped");
  return [answer.ok, await answer.json()];
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    for (;;) {
      const [ok, data] = await step();
      if (!ok) {
        said.textContent = data.message;
        break;
      }
      bar.hidden = false;
      bar.value = bar.max - data.waiting;
      said.textContent = `${bar.value} / ${bar.max}`;
      if (!data.waiting) return location.assign("?show=done");
    }
  } catch {
    said.textContent = form.dataset.wordsStopped;
  }
  button.disabled = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.ctrlKey || !form || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
});
