/* guide.js: a ticket scanned at the guide desk is looked up; a dossier's slip goes on to the dossier search. */

const field = document.getElementById("q");
const search = document.querySelector("[data-search]");
field?.addEventListener("scan", (event) => {
  event.preventDefault();
  const { text } = event.detail;
  const target = text.includes("/so/") || !search ? field : search;
  target.value = text;
  target.form.requestSubmit();
});
document.addEventListener("station", (event) => { // the paper is there: the number waits now
  if (event.detail.state === "done") setTimeout(() => location.reload(), 700);
});
search?.addEventListener("scan", (event) => {
  if (event.detail.kind === "card") event.preventDefault(); // whose it is belongs into no address
});
