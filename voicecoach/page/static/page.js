// Any page between sessions: when a session begins, show it.
export const root = document.body.dataset.root;

export function follow(told) {
  const events = new EventSource(`${root}/events`);
  events.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "superseded") {
      events.close(); // a browser allows six connections: an old page must not keep one from a STOP
      window.close(); // works for a window of its own; a tab stays
      document.querySelector("main").replaceChildren(
        Object.assign(document.createElement("p"), { textContent: "This page has been opened anew in another window." }),
      );
    } else {
      told(message);
    }
  };
  return events;
}

if (!document.body.classList.contains("session")) {
  follow((message) => {
    const busy = document.activeElement?.closest("form[data-keep]");
    if (message.type === "began" && !busy) location.href = `${root}/session`;
  });
}
