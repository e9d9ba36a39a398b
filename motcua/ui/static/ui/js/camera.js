/* camera.js: reads QR and Code 128 with the camera, into a field. See docs/reference/camera.md. */

const FORMATS = ["qr_code", "code_128"];
const PAUSE = 120; // ms between two looks
const WIDEST = 1280;
let reader = null;

function kindOf(text) {
  return (text.match(/\|/g) ?? []).length >= 5 ? "card" : "code";
}

/* The phone's own reader where it has one; else ours, fetched now and never before. */
async function readerFor(box) {
  if ("BarcodeDetector" in globalThis) {
    const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (FORMATS.every((one) => known.includes(one))) {
      const own = new BarcodeDetector({ formats: FORMATS });
      return async (canvas) => (await own.detect(canvas))[0]?.rawValue;
    }
  }
  await new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = box.dataset.reader;
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });
  ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => box.dataset.wasm } });
  const wanted = { formats: ["QRCode", "Code128"], tryHarder: true, maxNumberOfSymbols: 1 };
  return async (canvas, picture) => {
    const found = await ZXingWASM.readBarcodes(picture.getImageData(0, 0, canvas.width, canvas.height), wanted);
    return found.find((one) => one.isValid !== false && one.text)?.text;
  };
}

function deliver(box, text) {
  const field = document.querySelector(box.dataset.camera);
  if (!field) return;
  const detail = { text, kind: kindOf(text) };
  if (field.dispatchEvent(new CustomEvent("scan", { bubbles: true, cancelable: true, detail }))) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  }
}

function trouble(fault) {
  if (!navigator.mediaDevices) return "insecure";
  if (fault.name === "NotAllowedError") return "denied";
  if (fault.name === "NotFoundError" || fault.name === "OverconstrainedError") return "missing";
  return fault.name === "NotReadableError" ? "busy" : "failed";
}

function wire(box) {
  const [open, close] = box.querySelectorAll("button");
  const [say, video] = [box.querySelector("[role=status]"), box.querySelector("video")];
  const canvas = document.createElement("canvas");
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  let stream = null;
  let turn = 0;

  function stop(words) {
    turn += 1;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = close.hidden = true;
    video.srcObject = null;
    open.hidden = false;
    say.textContent = words ?? "";
  }

  async function look(mine) {
    if (mine !== turn) return;
    if (video.videoWidth) {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = video.videoWidth * scale;
      canvas.height = video.videoHeight * scale;
      picture.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = await reader(canvas, picture);
      if (mine !== turn) return;
      if (text) {
        navigator.vibrate?.(120);
        stop(box.dataset.found);
        deliver(box, text);
        return;
      }
    }
    setTimeout(look, PAUSE, mine);
  }

  async function start() {
    const mine = (turn += 1);
    open.hidden = true;
    close.hidden = false;
    close.focus();
    say.textContent = box.dataset.loading;
    try {
      const size = { width: { ideal: WIDEST }, height: { ideal: 720 }, facingMode: "environment" };
      const got = await navigator.mediaDevices.getUserMedia({ video: size });
      if (mine !== turn) return got.getTracks().forEach((one) => one.stop());
      stream = got;
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      reader ??= await readerFor(box);
      if (mine !== turn) return;
      say.textContent = box.dataset.aim;
      await look(mine);
    } catch (fault) {
      if (mine === turn) {
        stop(box.dataset[trouble(fault)]);
        open.focus();
      }
    }
  }

  open.addEventListener("click", start);
  close.addEventListener("click", () => { stop(); open.focus(); });
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && stream) close.click(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && stream) stop(); });
  box.hidden = false;
}

document.querySelectorAll("[data-camera]").forEach(wire);
