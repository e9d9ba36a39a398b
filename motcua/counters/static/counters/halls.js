/* halls.js: the hall's page reads itself again when its agency's news say that something moved, at most every two
   seconds, and by itself every half minute. Away for longer, it says of when its figures are. */
const now = document.querySelector("[data-now]");
// Nobody is at the keyboard for these: they must not keep a forgotten screen logged in.
const byItself = { "X-Motcua-Background": "1" };
const SOON = 2000;
const SELDOM = 30000;
let due = 0;
let pause = 2000;

async function read() {
  clearTimeout(due);
  due = setTimeout(read, SELDOM);
  if (document.hidden) return;
  try {
    const answer = await fetch(now.dataset.now, { headers: byItself });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const text = await answer.text();
    const kept = [...now.querySelectorAll(".mc-scroll")].map((one) => one.scrollLeft);
    const focused = [...now.querySelectorAll(".mc-scroll")].indexOf(document.activeElement);
    now.innerHTML = text;
    [...now.querySelectorAll(".mc-scroll")].forEach((one, number) => {
      one.scrollLeft = kept[number] ?? 0;
      if (number === focused) one.focus({ preventScroll: true });
    });
  } catch {
    const at = now.querySelector(".mc-now__at");
    if (at && !now.dataset.lost) at.textContent = `${now.dataset.away} ${at.textContent.match(/\d+:\d+/)?.[0] ?? ""}`;
    now.dataset.lost = "1";
    return;
  }
  delete now.dataset.lost;
}

function soon() {
  clearTimeout(due);
  due = setTimeout(read, SOON);
}

async function listen() {
  const again = () => {
    setTimeout(listen, pause);
    pause = Math.min(pause * 2, 120000);
  };
  try {
    const answer = await fetch(now.dataset.token, { headers: { ...byItself, Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return again();
    const { url } = await answer.json();
    const source = new EventSource(url);
    source.addEventListener("open", () => { pause = 2000; });
    source.addEventListener("changed", soon);
    source.addEventListener("error", () => {
      source.close();
      again();
    });
  } catch {
    again();
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) read(); });
due = setTimeout(read, SELDOM);
addEventListener("load", () => setTimeout(listen, 300));
