// The settings: a sentence to hear, and the microphone's level while somebody looks at it.
import { root } from "./page.js";

const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));
document.body.classList.add("live");

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// -- the loudspeaker

at.listen.addEventListener("click", async () => {
  at.listen.disabled = true;
  show(at.listening, "Getting the voice ready …");
  try {
    const body = new URLSearchParams(new FormData(at.settings));
    const answer = await fetch(`${root}/sound/say`, { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
    let state = { runs: true, failed: "" };
    while (state.runs) {
      await new Promise((done) => setTimeout(done, 300));
      state = await (await fetch(`${root}/sound/say`)).json();
    }
    show(at.listening, state.failed || "Did you hear it? If not, turn it up, or choose another loudspeaker.");
  } catch (error) {
    show(at.listening, error.message);
  }
  at.listen.disabled = false;
});

// -- the microphone

const SPEECH_DB = -45;
const SETTLES_MS = 1200; // a microphone that was just opened delivers silence at first
let levels = null;
let loud = { words: "", until: 0 };

function words(message) {
  if (message.peak_db > -3) return "Too loud: turn the microphone down a little, or move it away.";
  if (message.mean_db > SPEECH_DB) return "It hears you.";
  return message.mean_db < -90 ? "Nothing at all: is it muted?" : "Quiet. Say something.";
}

function measure(why = "") {
  levels?.close();
  levels = null;
  at.level.hidden = true;
  at.measure.setAttribute("aria-pressed", "false");
  show(at.measure, "Show how loud I am");
  show(at.heard, why);
}

function begin() {
  measure();
  loud = { words: "", until: performance.now() + SETTLES_MS };
  const chosen = encodeURIComponent(at.microphone.value);
  levels = new EventSource(`${root}/sound/level?microphone=${chosen}`);
  at.measure.setAttribute("aria-pressed", "true");
  show(at.measure, "Stop listening");
  levels.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "over") {
      measure(message.why);
      return;
    }
    at.level.hidden = false;
    at.level.value = message.mean_db;
    // words that change ten times a second cannot be read, and a screen reader would never end
    const said = words(message);
    const speaks = message.mean_db > SPEECH_DB;
    if (said !== loud.words && (speaks || event.timeStamp > loud.until)) {
      loud = { words: said, until: event.timeStamp + 1500 };
      show(at.heard, said);
    }
  };
  levels.onerror = () => measure("The page has lost the coach. Open it anew.");
}

at.measure.addEventListener("click", () => (levels ? measure() : begin()));
at.microphone.addEventListener("change", () => levels && begin());
addEventListener("pagehide", () => measure());
