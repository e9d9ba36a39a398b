/* rows.js: a board of rows, or of codes in groups, that is read again by itself and turned like pages where it does not
   fit. */

const main = document.getElementById("main");
const foot = main.querySelector(".bd-foot");
const page = foot.querySelector("[data-page]");
let turns = 0;
let asked = 0;

function turn() {
  const table = main.querySelector("table[data-rows]");
  const parts = [...main.querySelectorAll("[data-group]")];
  page.textContent = "";
  let pages = spread(table, parts);
  if (pages.length > 1) {
    page.textContent = `1 / ${pages.length}`; // the number needs room too
    pages = spread(table, parts);
  }
  const number = turns % Math.max(1, pages.length);
  const shown = new Set(pages[number]);
  for (const one of table?.tBodies[0].rows ?? []) one.hidden = !shown.has(one);
  for (const part of parts) {
    const codes = [...part.querySelectorAll("li")];
    for (const one of codes) one.hidden = !shown.has(one);
    part.hidden = !codes.some((one) => shown.has(one));
  }
  page.textContent = pages.length > 1 ? `${number + 1} / ${pages.length}` : "";
}

/* Return the pages as lists of what stands on each. */
function spread(table, parts) {
  if (table) return lines(table.tBodies[0]);
  return parts.length ? codes(parts) : [[]];
}

function room(place) {
  const below = [foot, main.querySelector("[data-entrance]")].filter((one) => one?.getClientRects().length);
  const bottom = main.getBoundingClientRect().bottom - parseFloat(getComputedStyle(main).paddingBottom);
  return Math.min(bottom, ...below.map((one) => one.getBoundingClientRect().top)) - place.getBoundingClientRect().top + 1;
}

function lines(body) {
  const rows = [...body.rows];
  for (const one of rows) one.hidden = false;
  const space = room(body);
  const pages = [[]];
  let height = 0;
  for (const one of rows) {
    const own = one.getBoundingClientRect().height;
    if (height + own > space && pages.at(-1).length) {
      pages.push([]);
      height = 0;
    }
    pages.at(-1).push(one);
    height += own;
  }
  return pages;
}

/* As many columns as the longest code leaves room for; a heading stands above each page's part of its group, and never
   alone at the foot. */
function codes(parts) {
  const place = parts[0].parentElement;
  for (const one of place.querySelectorAll("[hidden]")) one.hidden = false;
  const widest = Math.max(...[...place.querySelectorAll(".mc-code")].map((one) => one.getBoundingClientRect().width));
  place.style.setProperty("--cell", `${Math.ceil(widest)}px`);
  const columns = getComputedStyle(parts[0].querySelector("ul")).gridTemplateColumns.split(" ").length;
  const line = parts[0].querySelector("li").getBoundingClientRect().height;
  const head = parts[0].querySelector("h2").getBoundingClientRect().height;
  const space = room(place);
  const pages = [[]];
  let left = space;
  for (const part of parts) {
    const rest = [...part.querySelectorAll("li")];
    while (rest.length) {
      let fits = Math.floor((left - head) / line);
      if (fits < 1 && pages.at(-1).length) {
        pages.push([]);
        left = space;
        fits = Math.floor((left - head) / line);
      }
      const taken = rest.splice(0, Math.max(1, fits) * columns);
      pages.at(-1).push(...taken);
      left -= head + Math.ceil(taken.length / columns) * line;
    }
  }
  return pages;
}

async function read() {
  asked = Date.now();
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const sent = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of ["[data-rows]", "h1", "[data-about]", "[data-entrance]"]) {
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
