// The live page: draws what the session shows, and gives it the commands of buttons and keys.
import { follow, root } from "./page.js";
import { pose } from "./figure.js";

const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));
const body = document.body;
const PHASES = {
  ready: "Get into position", move: "Now", hold: "Hold", go: "Keep going", in: "Breathe in", out: "Breathe out",
  release: "Release", rest: "Rest",
};
const POSES = { move: "hold", hold: "hold", go: "loop", in: "in", out: "out" };
const MODES = {
  intake: "First a few questions", checking: "Did you say something?", stopped: "Stopped", paused: "Paused",
  safety: "Safety stop", staying: "Stay still", closing: "At the end", ended: "The session is over",
};
// the big buttons beside STOP, in their places; each is shown only where it means something
const BESIDE = ["pain", "pause", "resume", "ready", "next", "repeat", "finish"];
const SAFETY = ["stop", "pain", "help"];
const GIVEN_MS = 2000;
const AGAIN_MS = 300;
const SETTLED_MS = 700; // a second press of a finger that trembles is no answer to the next question
const HEARD_MS = 3000;
const MOVE_MS = 1600; // into a position and out of it
const NOTICE_MS = 15000;
// how to go on where nothing goes on by itself
const HOW_ON = { paused: "Say “Continue” to go on", staying: "Say “Continue” if you are all right" };

let view = null;
let askedAt = 0; // when the open question appeared
let drawn = "";
let posed = "";
let heard = null;
let forget = 0;
let clear = 0;
let over = false;

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A safety word that did not arrive is sent again; none that did not is passed over.
async function give(command, asking = null) {
  const tries = SAFETY.includes(command) ? 3 : 1;
  for (let n = 0; n < tries; n += 1) {
    try {
      const answer = await fetch(`${root}/give`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ command, asking }),
        signal: AbortSignal.timeout(GIVEN_MS),
      });
      if (answer.ok) return;
    } catch {
      // told below
    }
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
  if (!over) alarm("That did not reach the session. Say the word, or press any key where it runs.");
}

function alarm(text, stays = true) {
  clearTimeout(clear);
  at.notice.hidden = !text;
  show(at.notice, text);
  if (text && !stays) clear = setTimeout(() => (view?.hears ?? true) && alarm(""), NOTICE_MS);
}

function button(live, words = live.say) {
  const made = document.createElement("button");
  made.dataset.command = live.command;
  made.append(words[0].toUpperCase() + words.slice(1));
  if (live.key) {
    const key = document.createElement("kbd");
    key.textContent = keyName(live.key);
    made.append(" ", key);
  }
  return made;
}

function keyName(key) {
  return { "\r": "Enter", "\n": "Enter", "\u001b": "Esc", " ": "Space" }[key] ?? key;
}

function place(parent, buttons) {
  const key = buttons.map((each) => each.textContent).join("|");
  if (parent.dataset.key === key) return; // keeps the focus of a button that stays
  parent.dataset.key = key;
  parent.replaceChildren(...buttons);
}

function ear() {
  if (over) return ["over", ""];
  if (!view) return ["waiting", "Getting ready"];
  if (!view.hears) return ["deaf", "I cannot hear you: use the keys or this page"];
  if (!heard) return ["listening", "Listening"];
  return heard.doubtful ? ["unsure", `Did you say ${heard.text}?`] : ["heard", `Heard: ${heard.text}`];
}

function drawEar() {
  const [state, words] = ear();
  at.ear.dataset.ear = state;
  show(at.ear, words);
}

async function picture() {
  const wanted = view.exercise ? `${view.exercise}/${view.side || "none"}` : "";
  if (wanted !== drawn) {
    drawn = wanted;
    const answer = wanted ? await fetch(`${root}/figure/${wanted}`).catch(() => null) : null;
    if (wanted && !answer && drawn === wanted) drawn = ""; // is tried again with the next view
    if (drawn !== wanted) return; // another exercise has begun meanwhile
    at.picture.innerHTML = answer?.ok ? await answer.text() : ""; // our own drawing, from the same origin
  }
  const svg = at.picture.querySelector("svg");
  if (!svg) return;
  const wantedPose = POSES[view.clock.phase] ?? "start";
  const key = `${wanted} ${wantedPose} ${view.clock.cycle}`;
  if (posed !== key) {
    posed = key;
    const breathes = ["in", "out"].includes(view.clock.phase);
    pose(svg, wantedPose, view.clock.cycle, breathes ? 1000 * view.clock.of_s : MOVE_MS);
  }
}

function draw() {
  const { clock, mode } = view;
  const moving = mode === "moving";
  const asking = Boolean(view.question);
  body.dataset.mode = view.advice.length || mode === "safety" || mode === "staying" ? "alarm" : mode;
  show(at.where, view.name ? `${view.program}: ${view.nth} of ${view.exercises}` : view.program);
  show(at.left, over ? "" : view.minutes_left ? `${view.minutes_left} min left` : "");
  const headline = view.advice.length ? MODES.safety : (moving && view.name) || MODES[mode] || view.program;
  show(at.name, headline);
  const counts = moving && clock.digit !== null;
  show(at.digit, counts ? String(clock.digit) : "");
  at.digit.hidden = !counts;
  at.digit.dataset.length = String(clock.digit ?? "").length;
  const how = view.hears ? HOW_ON[mode] : HOW_ON[mode]?.replace("Say", "Press");
  show(at.phase, moving ? (PHASES[clock.phase] ?? "") : (!asking && how) || "");
  const side = view.side ? (view.side === "both" ? "both sides" : `${view.side} side`) : "";
  const set = view.repetition && view.sets > 1 ? `${view.repetition} of ${view.sets}` : "";
  show(at.sets, moving ? [side, set].filter(Boolean).join(", ") : "");
  show(at.next, moving && view.then ? `Then: ${view.then}` : "");
  at.caption.hidden = asking || view.advice.length > 0;
  if (view.advice.length && at.notice.textContent.startsWith(view.advice[0])) alarm(""); // it is shown large
  at.picture.hidden = asking || view.advice.length > 0 || over;
  at.ask.hidden = !asking;
  show(at.question, view.question);
  const numbers = view.answers.length > 5; // zero to ten: in digits, in one row
  at.answers.dataset.numbers = numbers;
  place(at.answers, view.answers.map((live, n) => (numbers ? button({ ...live, key: "" }, String(n)) : button(live))));
  at.advice.hidden = !view.advice.length;
  place(at.advice, view.advice.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  at.call.hidden = body.dataset.mode !== "alarm";
  show(at.call.querySelector("b"), view.number);
  const live = new Map(view.live.map((each) => [each.command, each]));
  const still = mode === "paused" || mode === "staying";
  const shown = BESIDE.filter((command) => live.has(command) && (command !== (still ? "pause" : "resume")));
  place(at.more, over ? [] : shown.map((command) => button(live.get(command))));
  at.stop.disabled = over;
  show(at.say, over || !view.hears ? "" : `You can say: ${[...view.answers, ...view.live].map((each) => each.say).join(", ")}`);
  document.title = `${headline} – voicecoach`;
  drawEar();
  picture();
}

// `outcome`: how it ended; "" if it broke off and could say nothing itself.
function ended(outcome) {
  const broken = "Come slowly out of the position, and rest. Then start again.";
  leave(outcome ? `The session is over: ${outcome}` : "The session broke off", outcome ? "" : broken);
}

function leave(headline, words = "") {
  const unfinished = body.dataset.mode === "alarm" && !view?.advice.length;
  over = true;
  body.classList.add("over");
  at.over.hidden = false;
  if (view) {
    view = { ...view, mode: "ended", question: "", answers: [], live: [] };
    draw();
  }
  show(at.name, headline);
  show(at.caption, words);
  if (unfinished) {
    // its questions were not answered: the number stays, and nothing begins anew
    body.dataset.mode = "alarm";
    at.call.hidden = false;
    show(at.caption, "Stay still, and rest. If it is bad or gets worse, call the number below.");
  }
  at.caption.hidden = false;
  document.title = `${headline} – voicecoach`;
}

function counting() {
  return ["hold", "go", "in", "out"].includes(view?.clock.phase);
}

function line(message) {
  if (message.who === "coach") {
    if (!counting() || message.text.includes(" ")) show(at.caption, message.text); // numbers are digits
  } else {
    heard = message;
    clearTimeout(forget);
    forget = setTimeout(() => ((heard = null), drawEar()), HEARD_MS);
    drawEar();
  }
}

follow((message) => {
  switch (message.type) {
    case "began":
      over = false;
      view = null;
      body.classList.remove("over");
      at.over.hidden = true;
      show(at.caption, "");
      at.stop.disabled = false;
      alarm("");
      break;
    case "view":
      if (over) break;
      if (view && message.view.hears && !view.hears) alarm("");
      if (message.view.asking !== view?.asking) askedAt = performance.now();
      view = message.view;
      draw();
      break;
    case "line":
      line(message);
      break;
    case "notice":
      alarm(message.text, message.alarm);
      break;
    case "ended":
      ended(message.outcome);
      break;
    case "gone":
      if (view && !over) ended("");
      else if (!view) wait();
      break;
  }
}).onerror = () => {
  const how = view && !view.hears ? "press a key where it runs" : "say the word";
  if (!over) alarm(`This page has lost the coach. The session itself goes on: ${how}.`);
};

// Before the session shows anything: is it still beginning, or could it not begin?
async function wait() {
  if (view || over) return;
  const state = await fetch(`${root}/session/state`).then((answer) => answer.json()).catch(() => ({ runs: true }));
  if (view || over) return;
  if (state.failed) {
    leave("The session could not begin", state.failed);
  } else if (state.runs) {
    setTimeout(wait, 500);
  } else {
    leave("No session is being played");
  }
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-command]");
  if (!pressed) return;
  const answers = at.answers.contains(pressed);
  if (!answers || settled()) give(pressed.dataset.command, answers ? view?.asking : null);
});

// Every key has its meaning, and any other character stops, as in a terminal. What moves through the page, or
// presses the button that has the focus, stays the browser's.
document.addEventListener("keydown", (event) => {
  const typed = event.key.length === 1 || event.key === "Enter" || event.key === "Escape";
  const focused = document.activeElement?.closest("button, a, input, select");
  if (!typed || event.ctrlKey || event.altKey || event.metaKey || event.repeat || over) return;
  if (focused && (event.key === "Enter" || event.key === " ")) return;
  event.preventDefault();
  const key = { Enter: "\r", Escape: "\u001b" }[event.key] ?? event.key;
  const command = view?.keys[key] ?? "stop";
  const answers = view?.answers.some((live) => live.command === command);
  if (!answers || settled()) give(command, answers ? view.asking : null);
});

function settled() {
  return performance.now() - askedAt > SETTLED_MS;
}
