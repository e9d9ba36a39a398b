/* stay.js: two minutes before a citizen's session ends unused, the page asks whether they are still there. Typing counts
   as being there: the server is told so at most once in five minutes. When the session is over, the page stays as it
   is, so that what was typed can still be copied, and says so. Without this script the server's own page does. */

const box = document.querySelector("[data-idle]");
const limit = Number(box.dataset.idle) * 1000;
const [ask, over] = [box.querySelector("[role=alert]"), box.querySelector("[data-over]")];
let seen = Date.now();
let typed = false;

async function stay() {
  const answer = await fetch(box.dataset.stay, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  seen = Date.now();
  typed = false;
  show();
}

function show() {
  const left = limit - (Date.now() - seen);
  ask.hidden = left > 120000 || left <= 0;
  over.hidden = left > 0;
  box.hidden = ask.hidden && over.hidden;
}

document.addEventListener("input", () => { typed = true; });
box.querySelector("button").addEventListener("click", stay);
setInterval(() => {
  if (typed && Date.now() - seen > 300000 && Date.now() - seen < limit) stay();
  else show();
}, 5000);
