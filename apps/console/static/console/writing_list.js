// Leaves filters that say nothing out of the address, and selects all rows of a page at once.
const filter = document.querySelector(".list-filter");
filter?.addEventListener("submit", () => {
  for (const each of filter.querySelectorAll("select, input")) {
    if (!each.value) each.disabled = true;
  }
});
filter?.addEventListener("change", (event) => {
  if (event.target.matches("select")) filter.requestSubmit();
});

const head = document.querySelector("#result_list thead th");
const boxes = [...document.querySelectorAll('#result_list input[name="selected"]')];
if (head && boxes.length) {
  const all = document.createElement("input");
  all.type = "checkbox";
  const label = document.createElement("label");
  label.className = "list-check";
  label.append(all, ...head.childNodes);
  head.append(label);
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
}
