// Has what is typed looked at, by the same worker that proves policies when they are saved.
const form = document.getElementById("policy-form");
const place = document.getElementById("flaws");
const PAUSE = 400;
let timer, newest = 0;

async function look() {
  const mine = ++newest;
  const sent = new FormData();
  sent.set("text", form.elements.text.value);
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: sent });
    if (answer.ok && mine === newest) tell((await answer.json()).flaws);
  } catch {
    place.hidden = true;
  }
}

function tell(flaws) {
  const lines = flaws.map((each) => {
    const line = document.createElement("p");
    line.textContent = `${each.path}${each.line ? `:${each.line}` : ""}: ${each.reason}. ${each.remedy}`;
    return line;
  });
  const well = document.createElement("p");
  well.textContent = place.dataset.well ?? "In order.";
  place.className = `notice ${flaws.length ? "notice--bad" : "notice--ok"}`;
  place.replaceChildren(...(lines.length ? lines : [well]));
  place.hidden = false;
}

form.elements.text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
