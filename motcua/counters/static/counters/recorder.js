/* recorder.js: an announcer reads the words one by one. "Ghi" listens; after the word and a short silence it stops by
   itself, the sound goes to the server as 16-bit WAV of 22,050 samples a second, what the server kept is played, and the
   next missing word is shown. Nothing is kept in the browser; the microphone is let go when the page is left. */

const RATE = 22050;
const HEARD = 0.05; // of full scale: somebody speaks
const QUIET = 0.02;
const box = document.querySelector("#recorder");
const rows = [...document.querySelectorAll("[data-name]")];
const part = (name) => box.querySelector(`[data-${name}]`);
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
let now = Math.max(0, rows.findIndex((row) => !row.dataset.sound));
let context;
let stream;
let ears; // reads the level while somebody speaks
let take = null; // what is being recorded
let playing;

function say(text, wrong = false) {
  part("said").textContent = text;
  part("said").classList.toggle("is-wrong", wrong);
}

function show(place) {
  now = (place + rows.length) % rows.length;
  for (const row of rows) {
    row.classList.toggle("is-now", row === rows[now]);
    if (row === rows[now]) row.querySelector("[data-choose]").setAttribute("aria-current", "true");
    else row.querySelector("[data-choose]").removeAttribute("aria-current");
  }
  const button = rows[now].querySelector("[data-choose]");
  part("word").textContent = button.textContent;
  part("word").lang = button.lang;
  part("word").classList.toggle("is-long", "long" in rows[now].dataset);
  part("hint").textContent = rows[now].querySelector("[data-about]")?.textContent ?? "";
  part("play").disabled = !rows[now].dataset.sound;
  part("older").hidden = !Number(rows[now].dataset.before);
}

function audio() {
  context ??= new AudioContext();
  return context;
}

async function microphone() {
  if (stream?.active) return;
  stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: false } });
  ears = audio().createAnalyser();
  ears.fftSize = 2048;
  audio().createMediaStreamSource(stream).connect(ears);
}

function listen() {
  if (!take) return;
  const heard = new Float32Array(ears.fftSize);
  ears.getFloatTimeDomainData(heard);
  const peak = heard.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  part("level").style.transform = `scaleX(${Math.min(1, peak)})`;
  part("level").classList.toggle("is-loud", peak > 0.97);
  const time = performance.now();
  const long = "long" in take.row.dataset;
  if (peak > HEARD) take.spoken += 1;
  if (peak > QUIET) take.heardAt = time;
  const said = take.spoken > 2 && time - take.heardAt > (long ? 1800 : 700);
  if (said || time - take.begun > (long ? 24000 : 3700)) stop();
}

function lit(on) {
  box.classList.toggle("is-on", on);
  part("label").textContent = on ? box.dataset.stop : box.dataset.start;
  if (!on) part("level").style.transform = "scaleX(0)";
}

async function start() {
  if (!navigator.mediaDevices) return say(box.dataset.insecure, true);
  try {
    await microphone();
    await audio().resume();
  } catch (fault) {
    return say(fault.name === "NotFoundError" ? box.dataset.nothing : box.dataset.denied, true);
  }
  playing?.stop();
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 128000 });
  const mine = { row: rows[now], recorder, parts: [], spoken: 0, begun: performance.now(), heardAt: performance.now() };
  recorder.addEventListener("dataavailable", (event) => mine.parts.push(event.data));
  recorder.addEventListener("stop", () => recorded(mine));
  recorder.start();
  take = mine;
  mine.timer = setInterval(listen, 30);
  lit(true);
  return say(box.dataset.recording);
}

function stop() {
  clearInterval(take.timer);
  take.recorder.stop();
  take = null;
  lit(false);
}

async function recorded(done) {
  let buffer;
  try {
    buffer = await audio().decodeAudioData(await new Blob(done.parts).arrayBuffer());
  } catch {
    buffer = audio().createBuffer(1, 1, audio().sampleRate); // stopped at once: the server says that it is too short
  }
  await send(done.row, buffer);
}

async function resampled(buffer) {
  const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(buffer.duration * RATE)), RATE);
  const from = offline.createBufferSource();
  from.buffer = buffer;
  from.connect(offline.destination);
  from.start();
  return (await offline.startRendering()).getChannelData(0);
}

function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at, letters) => [...letters].forEach((one, place) => view.setUint8(at + place, one.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, place) => view.setInt16(44 + 2 * place, Math.round(32767 * Math.max(-1, Math.min(1, value))), true));
  return new Blob([view.buffer], { type: "audio/wav" });
}

async function send(row, buffer) {
  say(box.dataset.sending);
  const body = new FormData();
  body.append("file", wav(await resampled(buffer)), "word.wav");
  await post(row, body, box.dataset.kept);
}

async function older(row) {
  const body = new FormData();
  body.append("older", "1");
  await post(row, body, box.dataset.restored);
}

async function post(row, body, words) {
  const restored = body.has("older");
  body.append("word", row.dataset.name);
  body.append("key", [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""));
  let answer;
  try {
    const response = await fetch(location.pathname, { method: "POST", body, headers: { "X-CSRFToken": token } });
    answer = await response.json();
    if (!response.ok) return say(answer.message, true);
  } catch {
    return say(box.dataset.lost, true);
  }
  kept(row, answer, words);
  await play(row);
  if (restored) return undefined;
  const left = rows.findIndex((one, place) => place > now && !one.dataset.sound);
  if (!take && rows[now] === row && left >= 0) show(left);
  return undefined;
}

function kept(row, answer, words) {
  row.dataset.sound = answer.sound;
  row.dataset.before = answer.before;
  row.querySelector("[data-state]").textContent = `✓ ${answer.length}`;
  const group = row.closest("[data-group]");
  document.querySelector(`[data-count="${group.dataset.group}"]`).textContent = group.querySelectorAll('[data-sound]:not([data-sound=""])').length;
  document.querySelector("#progress [data-done]").textContent = answer.done;
  document.querySelector("#progress progress").value = answer.done;
  const whole = answer.done === answer.total && !("long" in row.dataset);
  say(`${words}: ${row.querySelector("[data-choose]").textContent} (${answer.length}). ${whole ? box.dataset.all : ""}`);
  part("play").disabled = !rows[now].dataset.sound;
  part("older").hidden = !Number(rows[now].dataset.before);
}

async function play(row) {
  if (!row.dataset.sound) return;
  await audio().resume();
  const answer = await fetch(row.dataset.sound);
  const buffer = await audio().decodeAudioData(await answer.arrayBuffer());
  playing?.stop();
  playing = audio().createBufferSource();
  playing.buffer = buffer;
  playing.connect(audio().destination);
  playing.start();
  await new Promise((resolve) => playing.addEventListener("ended", resolve));
}

part("record").addEventListener("click", () => (take ? stop() : start()));
part("play").addEventListener("click", () => play(rows[now]));
part("older").addEventListener("click", () => older(rows[now]));
part("next").addEventListener("click", () => show(now + 1));
part("back").addEventListener("click", () => show(now - 1));
for (const row of rows) {
  row.querySelector("[data-choose]").addEventListener("click", () => {
    show(rows.indexOf(row));
    play(row);
    part("record").focus({ preventScroll: true });
  });
}
document.querySelector("#sound-file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const row = rows[now];
  try {
    await send(row, await audio().decodeAudioData(await file.arrayBuffer()));
  } catch {
    say(box.dataset.unread, true);
  }
  event.target.value = "";
});
box.hidden = false;
show(now);
