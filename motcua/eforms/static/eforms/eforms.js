/* eforms.js: shows a question when the answers before it ask for it, and hides it when they don't ([data-show]).
   Conditions are the trees of engine/conditions.py; of those a page can't reckon (ages, dates, counts, answers of other
   parts) the server's word stands ([data-unmet]). Nothing is lost by hiding: what was typed stays in its field, and the
   server leaves out what is not asked. Without this file every question stands there with a line that says when. */

const root = document.querySelector(".ef-form");

function names(path, from) {
  const row = from.closest("[data-row]")?.dataset.row;
  const group = from.dataset.path?.split(".").slice(0, -1).join(".");
  return [group && `${group}.${path}`, row && `${row}.${path}`, path].filter(Boolean);
}

// The answers that stand at a path: null where the page does not hold it.
function answers(path, from) {
  for (const name of names(path, from)) {
    const fields = [...root.elements].filter((one) => one.name === name || one.name?.startsWith(`${name}.`));
    if (!fields.length) continue;
    return fields
      .filter((one) => one.type !== "hidden" && (!["radio", "checkbox"].includes(one.type) || one.checked))
      .map((one) => one.value.trim())
      .filter(Boolean);
  }
  return null;
}

function holds(condition, from) {
  const [kind, ...rest] = condition;
  if (kind === "filled" || kind === "in") {
    const found = answers(rest[0], from);
    if (found === null) return null;
    return kind === "filled" ? found.length > 0 : found.some((one) => rest[1].includes(one));
  }
  if (kind === "not") {
    const inner = holds(rest[0], from);
    return inner === null ? null : !inner;
  }
  if (kind === "and" || kind === "or") {
    const parts = rest.map((one) => holds(one, from));
    if (parts.includes(kind === "or")) return kind === "or";
    return parts.includes(null) ? null : kind === "and";
  }
  return null;
}

function show() {
  for (const one of root.querySelectorAll("[data-show]")) {
    const found = holds(JSON.parse(one.dataset.show), one);
    const hidden = found === null ? "unmet" in one.dataset : !found;
    if (one.matches(".ef-section") && root.querySelectorAll(".ef-section").length === 1) continue;
    one.hidden = hidden;
  }
  for (const one of root.querySelectorAll("[data-here], [data-abroad]")) {
    const province = document.getElementById(one.dataset.here ?? one.dataset.abroad);
    one.hidden = (province?.value === "00") === "here" in one.dataset;
  }
  // A line that says when a question is to be answered says nothing new beside one that shows itself in time.
  for (const one of root.querySelectorAll("[id$='-unmet']")) one.hidden = true;
}

if (root) {
  show();
  root.addEventListener("input", show);
  root.addEventListener("change", show);
}
