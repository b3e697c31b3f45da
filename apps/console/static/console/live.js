// Tells open pages that a new commit is served: they hear "site-synced", and one that does not act
// on it gets a link to reload. The page works without it.
const FIRST = 1_000, LONGEST = 60_000;

function tell(commit) {
  // Whoever just saved is on a page that names what they saved: it is this one already.
  if (document.getElementById("content").textContent.includes(commit.slice(0, 10))) return;
  const heard = new CustomEvent("site-synced", { cancelable: true, detail: { commit } });
  if (!document.dispatchEvent(heard)) return;
  const note = document.getElementById("live-note") ?? document.createElement("p");
  const link = document.createElement("a");
  note.id = "live-note";
  note.className = "notice";
  note.setAttribute("role", "status");
  link.href = location.href;
  link.textContent = `A new version of the site is served (${commit.slice(0, 10)}). Reload`;
  note.replaceChildren(link);
  document.getElementById("content").prepend(note);
}

function listen(pause) {
  const scheme = location.protocol === "https:" ? "wss://" : "ws://";
  const socket = new WebSocket(`${scheme}${location.host}/admin/live/`);
  let opened = false;
  socket.onopen = () => (opened = true);
  socket.onmessage = (message) => tell(JSON.parse(message.data).commit);
  socket.onclose = () => {
    const next = opened ? FIRST : Math.min(pause * 2, LONGEST);
    setTimeout(() => listen(next), next);
  };
}
listen(FIRST);
