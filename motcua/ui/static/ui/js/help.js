/* help.js: the help of this screen in a panel beside it. Loaded at the first press; without it the link opens a page.
   The dialog is the browser's own: Esc closes it, and the focus goes back to where it was. So does F1 or "?".
   What was typed on the page stays. A page that cannot be fetched opens as a page. */

let panel;

function closing(event) {
  const panel = event.currentTarget;
  event.stopPropagation(); // no key of the panel reaches the page behind it
  if (event.key === "F1" || event.key === "?") {
    event.preventDefault();
    panel.close();
  }
}

function build() {
  const panel = document.createElement("dialog");
  panel.className = "mc-help";
  panel.setAttribute("aria-labelledby", "help-title");
  panel.addEventListener("keydown", closing);
  panel.addEventListener("click", (event) => (event.target === panel || event.target.closest(".mc-help__close")) && panel.close());
  document.body.append(panel);
  return panel;
}

export async function open(link) {
  if (panel?.open) return;
  const verb = document.querySelector(".mc-act__form[data-verb]")?.dataset.verb; // an act opened in place has its own
  const address = verb ? `/help/dossier-act.${verb}/` : link.href;
  try {
    if (!panel) panel = build();
    if (panel.dataset.shows !== address) {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      panel.innerHTML = await answer.text();
      panel.dataset.shows = address;
    }
  } catch {
    location.assign(address);
    return;
  }
  if (panel.open) return;
  panel.showModal();
  document.getElementById("help-title").focus();
}
