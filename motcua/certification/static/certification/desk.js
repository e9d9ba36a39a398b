/* desk.js: one box ticks the whole page, and the page says how many are ticked. */

const form = document.querySelector("#many");
if (form) {
  const all = form.querySelector("[data-all]");
  const boxes = () => [...form.querySelectorAll("[name=visit]")];
  const said = form.querySelector("[data-picked]");
  const count = () => {
    const picked = boxes().filter((one) => one.checked).length;
    said.textContent = picked ? `${picked} / ${boxes().length}` : "";
    all.checked = picked > 0 && picked === boxes().length;
    all.indeterminate = picked > 0 && picked < boxes().length;
  };
  all.addEventListener("change", () => {
    for (const one of boxes()) one.checked = all.checked;
    count();
  });
  form.addEventListener("change", count);
}
