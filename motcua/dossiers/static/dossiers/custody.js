/* custody.js: marks a row of paper when its dossier is scanned or its code is typed. What is not on this page is asked
   of the server by the same form, which also works without script. */

for (const form of document.querySelectorAll("form[data-scan-list]")) {
  const field = form.querySelector("[name=scan]");
  const said = form.querySelector("[data-scan-said]");
  const count = form.querySelector("[data-scan-count]");
  const boxes = () => [...form.querySelectorAll("input[type=checkbox][data-code]")];
  const plain = (text) => text.replace(/\s+/g, "").replace(/[–—]/g, "-").toUpperCase();
  const recount = () => { if (count) count.textContent = boxes().filter((one) => one.checked).length; };

  function mark(text) {
    const code = plain(text);
    const rows = boxes().filter((one) => one.dataset.code === code);
    if (!rows.length) {
      field.value = text;
      form.requestSubmit(form.querySelector("[name=act][value=scan]"));
      return;
    }
    const fresh = rows.some((one) => !one.checked);
    for (const one of rows) {
      one.checked = true;
      one.closest("tr").classList.add("is-marked");
    }
    rows[0].scrollIntoView({ block: "nearest" });
    said.textContent = `${fresh ? said.dataset.wordsMarked : said.dataset.wordsAgain}: ${code}`;
    field.value = "";
    field.focus();
    recount();
  }

  field.addEventListener("scan", (event) => {
    event.preventDefault();
    mark(event.detail.text);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || !field.value.trim()) return;
    event.preventDefault();
    mark(field.value);
  });
  form.addEventListener("change", recount);
}
