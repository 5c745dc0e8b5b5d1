// The rehearsal: what the coach says, line by line, and how it went.
import { root } from "./page.js";

const said = document.querySelector("#said");
const begin = document.querySelector("#begin");
const verdict = document.querySelector("#verdict");

async function look() {
  const tried = await (await fetch(`${root}/try/state`)).json();
  begin.disabled = begin.disabled || tried.runs;
  said.replaceChildren(
    ...tried.said.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
  );
  if (tried.code !== null && !tried.runs) {
    verdict.hidden = false;
    verdict.textContent =
      tried.code === 0
        ? "It passed: the coach hears you. You can start a session."
        : "It did not pass. Read the last lines: they say what to change. Then try again.";
    begin.disabled = false;
  }
  if (tried.runs) setTimeout(look, 300);
}

look();
