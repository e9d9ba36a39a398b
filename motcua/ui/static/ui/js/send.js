/* send.js: files of <input type="file" data-upload="URL"> are sent as soon as they are chosen or dropped on the
   surrounding [data-drop]. The server takes one paper per POST (CSRF token) and answers 2xx with HTML for the list named
   by data-upload-list (an id), or 4xx with {"message": "…"}. A refused file is named with its reason, the others go on.
   Where this script's element names `data-uploads` (an address that speaks tus) and `data-tus` (the client), files of
   more than 256 kB go there piece by piece first, and the POST only names them (`file_upload`); after a cut they go on
   where they stood, after a new start of the browser too. `data-shrink` on the input: photos are made smaller first.
   `data-join`: several photos may become one PDF (pages.js). Without script files travel with the form. Nothing is kept
   in the browser. */

const here = document.querySelector("script[data-uploads]")?.dataset ?? {};
const words = JSON.parse(document.querySelector('meta[name="motcua-words"]')?.content ?? "{}");
const TRIES = 3, PIECE = 256 * 1024, WAITS = [0, 1000, 2000, 4000, 8000, 15000, 30000];
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
export const size = (bytes) => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;

class Refused extends Error {}

function once(url, body, bar) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable && event.total > PIECE) bar.value = event.loaded / event.total; });
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("link")));
    request.addEventListener("timeout", () => reject(new Error("link")));
    request.send(body);
  });
}

function lineFor(name, input) {
  const line = document.createElement("div");
  line.className = "mc-upload";
  const label = document.createElement("span");
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  const word = document.createElement("span");
  word.className = "mc-hint";
  word.setAttribute("role", "status");
  line.append(label, bar, word);
  (input.closest(".govuk-form-group") ?? input.closest("[data-drop]") ?? input.parentElement).append(line);
  return { line, label, bar, word };
}

function refusal(text, status) {
  try { return JSON.parse(text).message; } catch { return status === 413 ? (words.tooLarge ?? "Tệp quá lớn.") : (words.notTaken ?? "Máy chủ không nhận tệp này."); }
}

const hex = async (data) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/* What finds an unfinished upload again, and what proves that it came whole; both need a secure page. */
async function marks(file) {
  if (!globalThis.crypto?.subtle) return {};
  const ends = new Blob([`${file.size} ${file.lastModified} `, file.slice(0, 65536), file.slice(-65536)]);
  return { mark: await hex(await ends.arrayBuffer()), sha256: await hex(await file.arrayBuffer()) };
}

let loading;
const client = () => (loading ??= import(here.tus).then(() => globalThis.tus));

async function inPieces(input, file, { bar, word }) {
  const tus = await client();
  const ticket = input.dataset.ticket ? { "X-Motcua-Ticket": input.dataset.ticket } : {};
  const headers = () => ({ "X-CSRFToken": token(), ...ticket });
  const told = await marks(file);
  let uploadUrl = null;
  if (told.mark) {
    const found = await fetch(`${here.uploads}?mark=${told.mark}`, { headers: headers() }).then((answer) => answer.json()).catch(() => ({}));
    uploadUrl = found.upload || null;
  }
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(file, {
      endpoint: here.uploads, uploadUrl, headers: headers(), chunkSize: file.size > 8e6 ? 4 * PIECE : PIECE, retryDelays: WAITS,
      metadata: { filename: file.name, purpose: "paper", ...told }, storeFingerprintForResuming: false, removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => { bar.value = sent / total; },
      onChunkComplete: () => { word.textContent = ""; },
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (!status) word.textContent = words.resending ?? "Mất kết nối, đang gửi lại";
        return !status || status === 409 || status === 423 || status >= 500;
      },
      onError: (error) => {
        const answer = error.originalResponse;
        reject(answer && answer.getStatus() >= 400 ? new Refused(refusal(answer.getBody(), answer.getStatus())) : new Error("link"));
      },
      onSuccess: () => resolve(upload.url),
    });
    upload.start();
  });
}

function failed(shown, message, again) {
  shown.bar.hidden = true;
  shown.word.className = "govuk-error-message";
  shown.word.textContent = message;
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mc-button is-secondary";
  button.textContent = words.sendOn ?? "Gửi tiếp";
  button.addEventListener("click", () => { shown.line.remove(); again(); });
  shown.line.append(button);
  button.focus();
}

/* Send the files of one paper: one, or the photos that become one PDF; `turns` are degrees to the right. */
export async function send(input, files, turns = []) {
  const shown = lineFor(files.map((file) => file.name).join(", "), input);
  const { line, label, bar, word } = shown;
  const again = () => send(input, files, turns);
  try {
    const body = new FormData();
    for (const [place, chosen] of files.entries()) {
      const file = await smaller(input, chosen);
      if (file !== chosen) label.textContent = `${label.textContent} (${size(chosen.size)} → ${size(file.size)})`;
      if (here.tus && (file.size > PIECE || files.length > 1)) {
        body.append("file_upload", await inPieces(input, file, shown));
        if (input.dataset.ticket) body.set("upload_ticket", input.dataset.ticket);
      } else body.append("file", file, file.name);
      body.append("file_turn", String(turns[place] ?? 0));
    }
    await deliver(input, body, shown);
    if (label.textContent.includes("→")) { bar.hidden = true; word.textContent = words.sent ?? "Đã gửi"; } else line.remove();
    input.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: { name: files[0].name } }));
  } catch (error) {
    if (error instanceof Refused) failed(shown, error.message, null);
    else failed(shown, words.notSent ?? "Chưa gửi được. Xin chọn lại tệp khi có mạng.", again);
  }
}

async function deliver(input, body, { bar, word }) {
  for (let attempt = 1; ; attempt += 1) {
    let request = null;
    try { request = await once(input.dataset.upload, body, bar); } catch { /* the link broke */ }
    if (request && request.status < 300) {
      const list = document.getElementById(input.dataset.uploadList ?? "");
      if (list) list.innerHTML = request.responseText;
      return;
    }
    if (request && request.status < 500) throw new Refused(refusal(request.responseText, request.status));
    if (attempt === TRIES) throw new Error("link");
    word.textContent = words.resending ?? "Mất kết nối, đang gửi lại";
    await sleep(2 ** attempt);
  }
}

async function smaller(input, file) {
  if (input.dataset.shrink === undefined || !here.photo || !file.type.startsWith("image/")) return file;
  try { return await (await import(here.photo)).shrunk(file); } catch { return file; }
}

export async function sendAll(input, files) {
  const photos = files.every((file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name));
  if (input.dataset.join !== undefined && here.pages && photos && files.length > 1) {
    (await import(here.pages)).arrange(input, files, { send, size, words });
  } else for (const file of files) await send(input, [file]);
  input.value = "";
}
