// The profile: an answer is saved as soon as it is chosen, and what follows from it appears.
import "./page.js";

document.body.classList.add("live"); // the Save buttons are not needed

const SETTLED_MS = 400;

// outlives the page that is replaced, so that a screen reader speaks what it says
const told = Object.assign(document.createElement("p"), { className: "unseen" });
told.setAttribute("role", "status");
document.body.append(told);

async function save(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.value;
  told.textContent = page.querySelector("main .saved")?.textContent ?? "";
  page.querySelector("main .saved")?.removeAttribute("role"); // once is enough
  document.querySelector("main").replaceWith(page.querySelector("main"));
  const chosen = document.querySelector(`#${form.id} input[value="${focused}"]`);
  chosen?.focus({ preventScroll: true });
  document.querySelector("main .wrong[role=alert]")?.scrollIntoView({ block: "center" });
}

function failed(form) {
  if (form.isConnected) form.submit();
  else told.textContent = "An answer was not saved. Please look at your answers again.";
}

// The arrow keys choose on their way: wait until somebody has settled.
const waiting = new WeakMap(); // by form: an answer to one question does not keep another from being saved
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.question");
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => save(form).catch(() => failed(form)), SETTLED_MS));
});
