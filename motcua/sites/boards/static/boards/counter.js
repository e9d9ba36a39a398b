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
  services.replaceChildren(...names.map(named));
  fit();
});
document.addEventListener("board:size", fit);

function named(one) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("b"), { textContent: one.prefix }), " ", Object.assign(document.createElement("span"), { textContent: one.name }));
  return item;
}

// Where the names do not all fit, the letters alone do: they are what stands before the number.
function fit() {
  services.classList.remove("is-short");
  services.classList.toggle("is-short", services.scrollHeight > services.clientHeight + 1);
}
