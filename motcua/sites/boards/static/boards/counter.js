/* counter.js: one counter's own number, what it serves, and that it rests. */

const main = document.getElementById("main");
const own = main.querySelector("[data-own]");
const number = own.querySelector("[data-ticket]");
const services = main.querySelector("[data-services]");
const HOLD = 8000; // ms a new number stands out
let shown = "";
let over = 0;

document.addEventListener("board:state", ({ detail: { state, first } }) => {
  const mine = state.counters.find((one) => one.number === main.dataset.counter) ?? { state: "closed", ticket: "", services: [] };
  for (const word of own.querySelectorAll("[data-word]")) word.hidden = Boolean(mine.ticket) || word.dataset.word !== mine.state;
  number.textContent = mine.ticket;
  own.dataset.state = mine.state;
  if (mine.ticket && mine.ticket !== shown && !first) {
    own.dataset.new = "";
    clearTimeout(over);
    over = setTimeout(() => delete own.dataset.new, HOLD);
  }
  shown = mine.ticket;
  const names = state.services.filter((one) => mine.services.includes(one.prefix));
  services.replaceChildren(...names.map((one) => Object.assign(document.createElement("li"), { textContent: `${one.prefix} ${one.name}` })));
});
