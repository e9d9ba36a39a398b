/* copies.js: the lines of a visit. Initials become a paper's name when the field is left ("gks" → "Giấy khai sinh");
   the last line used opens another; the sum is asked of the server while somebody types, and only shown: what is owed
   is worked out again when the visit is saved. A scanned card stands in the first field as it is; the server reads it. */

const form = document.querySelector("#visit");
const body = form?.querySelector("[data-lines]");
const known = JSON.parse(body?.dataset.known || "[]");
const MOST = 30;

function folded(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
}

function written(text) {
  const short = folded(text);
  if (short.includes(" ") || short.length < 2 || short.length > 6) return text;
  return known.find(([initials]) => initials === short)?.[1] ?? text;
}

function more() {
  const rows = [...body.querySelectorAll("[data-line]")];
  const last = rows.at(-1);
  if (!last.querySelector("[data-name]").value || rows.length >= MOST) return;
  const copy = last.cloneNode(true);
  const place = rows.length + 1;
  for (const input of copy.querySelectorAll("input")) {
    input.name = input.name.replace(/\d+$/, place);
    input.value = input.dataset.stands ?? (input.matches(".mc-copies__count") ? "1" : "");
    input.classList.remove("govuk-input--error");
    if (input.ariaLabel) input.ariaLabel = input.ariaLabel.replace(/\d+$/, place);
  }
  copy.querySelector("[data-fee]").textContent = "";
  body.append(copy);
}

let timer = 0;
let asked = 0;

async function price() {
  const url = form.dataset.feeUrl;
  if (!url) return;
  const mine = ++asked;
  const values = new URLSearchParams();
  for (const input of form.querySelectorAll("[data-lines] input, [name=exemption], [name=kind]")) values.set(input.name, input.name.startsWith("name-") && input.value ? "x" : input.value);
  try {
    const answer = await fetch(`${url}?${values}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    for (const row of body.querySelectorAll("[data-line]")) row.querySelector("[data-fee]").textContent = found.lines[row.querySelector("[data-name]").name.slice(5)] ?? "";
    form.querySelector("[data-total]").textContent = found.why ?? found.total;
  } catch { /* the sum is worked out when saving */ }
}

if (form && body) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-name]")) event.target.value = written(event.target.value);
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-name]")) more();
    clearTimeout(timer);
    timer = setTimeout(price, 150);
  });
  form.querySelector("[name=who]")?.addEventListener("scan", () => setTimeout(() => body.querySelector("[data-name]").focus()));
  if (!document.querySelector("[data-focus]")) (form.querySelector("[name=who]") ?? body.querySelector("[data-name]")).focus();
  price();
}
