// Follows long work, and goes where it leads. Without it the page reloads itself.
const section = document.getElementById("job");
const steps = section.querySelector(".steps");
const bar = section.querySelector("progress");
const PAUSE = 500;

async function look() {
  try {
    const answer = await fetch(section.dataset.state, { headers: { accept: "application/json" } });
    if (!answer.ok) return location.reload();
    const job = await answer.json();
    if (job.over) return job.failed ? location.reload() : location.replace(job.goes_to);
    if (job.of) [bar.max, bar.value] = [job.of, job.done];
    for (const text of job.steps.slice(steps.children.length)) {
      const item = document.createElement("li");
      item.textContent = text;
      steps.append(item);
    }
    if (steps.lastElementChild && job.steps.length) steps.lastElementChild.textContent = job.steps.at(-1);
  } catch {
    // The server does not answer at the moment: it is asked again.
  }
  setTimeout(look, PAUSE);
}
look();
