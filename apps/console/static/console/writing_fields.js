// A field of several words suggests the next one, where a plain list would suggest the first alone.
for (const field of document.querySelectorAll("input[data-several][list]")) {
  const list = field.list;
  const words = [...list.options].map((option) => option.value);
  field.addEventListener("input", () => {
    const at = field.value.lastIndexOf(",");
    const before = at < 0 ? "" : `${field.value.slice(0, at + 1)} `;
    const there = new Set(field.value.split(",").map((word) => word.trim()));
    const options = words.filter((word) => !there.has(word)).map((word) => {
      const option = document.createElement("option");
      option.value = before + word;
      option.label = word;
      return option;
    });
    list.replaceChildren(...options);
  });
}
