// Any page between sessions: when a session begins, show it.
export const root = document.body.dataset.root;

export function follow(told) {
  const events = new EventSource(`${root}/events`);
  events.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "superseded") {
      window.close(); // works for a window of its own; a tab stays
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
