/* guide.js: a ticket scanned at the guide desk is looked up; a dossier's slip goes on to the dossier search. */

const field = document.getElementById("q");
field?.addEventListener("scan", (event) => {
  event.preventDefault();
  const { text } = event.detail;
  const search = document.querySelector("[data-search]");
  const target = text.includes("/so/") || !search ? field : search;
  target.value = text;
  target.form.submit();
});
