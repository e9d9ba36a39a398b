/* upload.js: files of <input type="file" data-upload="URL"> are sent one by one as soon as they are chosen or
   dropped on the surrounding [data-drop], with progress, and tried again up to three times when the link breaks.
   The server takes one file per POST (field `file`, CSRF token) and answers 2xx with HTML for the list named by
   data-upload-list (an id), or 4xx with {"message": "…"} that says why. A refused file is named with its reason
   and the others go on. Without script the file travels with the form. Nothing is kept in the browser. */

const words = JSON.parse(document.querySelector('meta[name="motcua-words"]')?.content ?? "{}");
const TRIES = 3;
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function once(url, file, bar) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name);
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("link")));
    request.addEventListener("timeout", () => reject(new Error("link")));
    request.send(body);
  });
}

function lineFor(file, input) {
  const line = document.createElement("div");
  line.className = "mc-upload";
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const word = document.createElement("span");
  word.className = "mc-hint";
  word.setAttribute("role", "status");
  line.append(name, bar, word);
  (input.closest(".govuk-form-group") ?? input.parentElement).append(line);
  return { line, bar, word };
}

function refusal(request) {
  try { return JSON.parse(request.responseText).message; } catch { return request.status === 413 ? (words.tooLarge ?? "Tệp quá lớn.") : (words.notTaken ?? "Máy chủ không nhận tệp này."); }
}

async function send(input, file) {
  const { line, bar, word } = lineFor(file, input);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const request = await once(input.dataset.upload, file, bar);
      if (request.status < 300) {
        const list = document.getElementById(input.dataset.uploadList ?? "");
        if (list) list.innerHTML = request.responseText;
        line.remove();
        input.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: { name: file.name } }));
        return;
      }
      if (request.status < 500) {
        bar.remove();
        word.className = "govuk-error-message";
        word.textContent = refusal(request);
        return;
      }
    } catch { /* the link broke: try again below */ }
    word.textContent = attempt < TRIES ? (words.resending ?? "Mất kết nối, đang gửi lại") : (words.notSent ?? "Chưa gửi được. Xin chọn lại tệp khi có mạng.");
    if (attempt < TRIES) await sleep(2 ** attempt);
  }
}

async function sendAll(input, files) {
  for (const file of files) await send(input, file);
  input.value = "";
}

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
