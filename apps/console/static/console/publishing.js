// Says on the page itself whether what waits can go out; without it a link leads there.
const verdict = document.querySelector("#verdict[data-url]");
if (verdict) {
  const said = document.createElement("div");
  const link = verdict.querySelector("p");
  link.hidden = true;
  verdict.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${verdict.dataset.url}?part=1`);
    if (!answer.ok) throw new Error(answer.status);
    said.innerHTML = await answer.text();
    link.replaceWith(said);
  } catch {
    link.hidden = false;
  }
  verdict.removeAttribute("aria-busy");
}
