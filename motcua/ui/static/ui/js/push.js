/* push.js: lets this browser be told, also while no page of ours is open. A form that stands hidden in the page names
   the worker and the key; its words stand in the page too. Without push in this browser the form stays hidden. */

const form = document.querySelector("[data-push]");
if (form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) begin(form);

async function begin(form) {
  const { worker, scope, key } = form.dataset;
  const button = form.querySelector("button");
  const said = form.querySelector("[role=status]");
  const registration = await navigator.serviceWorker.register(worker, { scope });
  let subscription = await registration.pushManager.getSubscription();
  const show = (words) => {
    button.textContent = subscription ? form.dataset.stop : form.dataset.start;
    said.textContent = words;
  };
  show("");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      if (subscription) {
        await tell(subscription, "stop");
        await subscription.unsubscribe();
        subscription = null;
        show(form.dataset.stopped);
      } else if ((await Notification.requestPermission()) !== "granted") {
        show(form.dataset.denied);
      } else {
        const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
        const refusal = await tell(made, "start");
        if (refusal) await made.unsubscribe();
        else subscription = made;
        show(refusal || form.dataset.started);
      }
    } catch {
      show(form.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });

  /* Returns what the server refuses, in words; empty when it was kept. */
  async function tell(subscription, act) {
    const { endpoint, keys } = subscription.toJSON();
    const body = new FormData(form);
    body.set("act", act);
    body.set("endpoint", endpoint);
    body.set("public", keys.p256dh);
    body.set("auth", keys.auth);
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.ok) return "";
    return (answer.headers.get("content-type") ?? "").startsWith("text/plain") ? answer.text() : form.dataset.failed;
  }
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
