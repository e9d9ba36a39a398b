/* voice.js: "Nghe thử" plays here, in the voice and volume that stand in the form. Without it the link opens the sound. */

const form = document.querySelector("#voice-try");
const status = document.querySelector("#try-status");
const settings = document.querySelector("#voice-form");
let context;
let playing;

async function play(content, volume) {
  context ??= new AudioContext();
  await context.resume();
  const sound = await context.decodeAudioData(content);
  playing?.stop();
  playing = context.createBufferSource();
  const gain = context.createGain();
  gain.gain.value = volume;
  playing.buffer = sound;
  playing.connect(gain).connect(context.destination);
  playing.start();
  return new Promise((resolve) => playing.addEventListener("ended", resolve));
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const asked = new URLSearchParams(new FormData(form));
  const chosen = settings.querySelector("[name=accent]:checked");
  if (chosen) asked.set("accent", chosen.value);
  status.textContent = form.dataset.playing;
  try {
    const answer = await fetch(`${form.action}?${asked}`);
    if (!answer.ok) throw new Error(answer.status);
    const volume = Math.min(100, Math.max(0, Number(settings.querySelector("[name=volume]").value) || 0)) / 100;
    if (answer.headers.get("X-Voice") === "chime") status.textContent = form.dataset.chime;
    await play(await answer.arrayBuffer(), volume);
    if (status.textContent === form.dataset.playing) status.textContent = "";
  } catch {
    status.textContent = form.dataset.failed;
  }
});
