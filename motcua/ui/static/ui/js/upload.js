/* upload.js: loads what sends files (send.js) when a file is chosen for <input type="file" data-upload> or dropped on the
   surrounding [data-drop]. Most pages are left without a file, so most people do not pay for it. */

const here = document.querySelector("script[data-uploads]")?.dataset ?? {};
const sendAll = async (input, files) => (await import(here.send)).sendAll(input, files);

document.addEventListener("change", (event) => {
  const input = event.target.closest?.("input[type=file][data-upload]");
  if (input?.files.length) sendAll(input, [...input.files]);
});
for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    const input = event.target.closest?.("[data-drop]")?.querySelector("input[type=file][data-upload]");
    if (!input) return;
    event.preventDefault();
    if (kind === "drop") sendAll(input, [...event.dataTransfer.files]);
  });
}
