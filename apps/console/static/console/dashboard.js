// Puts what is new in the place of what was shown, when a new commit is served or time has passed.
const MINUTE = 60_000;
let busy = false;

async function renew() {
  if (busy || document.hidden) return;
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [fresh, shown] = [page, document].map((each) => each.getElementById("dashboard"));
      if (fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // The server does not answer at the moment: what is shown stays.
  } finally {
    busy = false;
  }
}
document.addEventListener("site-synced", (event) => {
  event.preventDefault();
  renew();
});
setInterval(renew, MINUTE);
