// Lets files be dropped onto the form of uploads; without it the file field does the same.
const form = document.querySelector("[data-drop]");
const field = form?.querySelector('input[type="file"]');
const state = form?.querySelector("[data-drop-state]");
if (form && field) {
  form.querySelector("[data-drop-hint]").hidden = false;
  const holds = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      form.dataset.over = "";
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, () => delete form.dataset.over);
  }
  form.addEventListener("drop", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    state.textContent = [...field.files].map((file) => file.name).join(", ");
    form.requestSubmit();
  });
}
