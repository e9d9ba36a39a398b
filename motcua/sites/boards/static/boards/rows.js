/* rows.js: a board of rows that is read again by itself and turned like pages where it does not fit. */

const main = document.getElementById("main");
const foot = main.querySelector("[data-page]");
let turns = 0;
let asked = 0;

function turn() {
  const table = main.querySelector("table[data-rows]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  for (const one of rows) one.hidden = false;
  const room = foot.getBoundingClientRect().top - table.tBodies[0].getBoundingClientRect().top;
  const pages = [[]];
  let height = 0;
  for (const one of rows) {
    const own = one.getBoundingClientRect().height;
    if (height + own > room && pages.at(-1).length) {
      pages.push([]);
      height = 0;
    }
    pages.at(-1).push(one);
    height += own;
  }
  const number = turns % pages.length;
  const shown = new Set(pages[number]);
  for (const one of rows) one.hidden = !shown.has(one);
  foot.textContent = pages.length > 1 ? `${number + 1} / ${pages.length}` : "";
}

async function read() {
  asked = Date.now();
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const sent = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of ["[data-rows]", "h1", "[data-entrance]"]) {
      const fresh = sent.querySelector(`#main ${place}`);
      if (fresh && main.querySelector(place)) main.querySelector(place).replaceWith(document.importNode(fresh, true));
    }
    turn();
  } catch {
    // The banner of board.js says that the link is lost.
  }
}

document.addEventListener("board:size", turn);
document.addEventListener("board:state", ({ detail }) => {
  if (!detail.first && Date.now() - asked > 5000) read(); // the hall moved
});
setInterval(() => {
  turns += 1;
  turn();
}, Number(main.dataset.turn) * 1000);
setInterval(read, Number(main.dataset.every) * 1000);
