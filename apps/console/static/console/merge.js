// Counts what is not decided yet, and chooses one's own words as soon as somebody writes some.
const form = document.querySelector("form[data-merge]");
if (form) {
  const places = [...form.querySelectorAll("[data-place]")];
  const count = form.querySelector("[data-undecided]");
  const tell = () => {
    const left = places.filter((place) => !place.querySelector("input:checked")).length;
    const words = left === 0 ? count.dataset.none : left === 1 ? count.dataset.one : count.dataset.many;
    count.textContent = words.replace("%s", left);
  };
  form.addEventListener("change", tell);
  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea[name^='text-']")) {
      const own = event.target.closest(".merge-side").querySelector("input[type=radio]");
      if (!own.checked) { own.checked = true; tell(); }
    }
    if (event.target.matches("textarea[name^='result-']")) {
      const own = form.elements[event.target.name.replace("result-", "edited-")];
      if (own) own.checked = true;
    }
  });
  for (const button of form.querySelectorAll("button[data-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const place of places) {
        const side = place.querySelector(`input[value="${button.dataset.all}"]`);
        if (side) side.checked = true;
      }
      tell();
    });
  }
  tell();
}
