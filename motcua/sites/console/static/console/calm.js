/* calm.js: a plain key opens a list only when it comes alone. A scanner that types where nobody is typing sends many
   at once: none of them is a shortcut, and what it typed goes where scanner.js sends it. */

const ALONE = 80; // ms without another key; no hand is faster
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
let waiting = 0;
let burst = false;

document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || event.defaultPrevented || event.isComposing || event.key.length !== 1) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.(TYPING)) return;
  if (event.key === " ") return; // presses the button that has the focus
  event.preventDefault(); // shortcuts.js leaves it alone then
  burst = waiting !== 0; // the one before is still waiting
  clearTimeout(waiting);
  const { key, target } = event;
  waiting = setTimeout(() => {
    waiting = 0;
    if (!burst && target.isConnected) target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, ALONE);
}, true);
