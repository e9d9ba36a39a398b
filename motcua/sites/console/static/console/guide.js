/* guide.js: a ticket scanned at the guide desk is looked up; a dossier's slip goes on to the dossier search. */

const field = document.getElementById("q");
const search = document.querySelector("[data-search]");
field?.addEventListener("scan", (event) => {
  event.preventDefault();
  const { text } = event.detail;
  const target = text.includes("/so/") || !search ? field : search;
  target.value = text;
  target.form.submit();
});
search?.addEventListener("scan", (event) => {
  if (event.detail.kind === "card") event.preventDefault(); // whose it is belongs into no address
});
