// Pictures of the site to choose from, and one more to upload, in a dialog.
const PAUSE = 200;

export class MediaPicker {
  constructor({ url, upload, words, form, path, insert }) {
    Object.assign(this, { url, upload, words, form, path, insert });
    const by = (name) => document.getElementById(`editor-media${name}`);
    this.dialog = by("");
    [this.search, this.file, this.state, this.items, this.alt, this.button] = [
      "-search", "-file", "-state", "-items", "-alt", "-insert",
    ].map(by);
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.list(), PAUSE);
    });
    this.file?.addEventListener("change", () => this.send());
    this.items.addEventListener("change", () => this.chosen());
    this.button.addEventListener("click", () => this.put());
    by("-close").addEventListener("click", () => this.dialog.close());
  }

  open() {
    this.dialog.showModal();
    this.list();
  }

  async list() {
    const url = new URL(this.url, location.href);
    url.searchParams.set("q", this.search.value);
    url.searchParams.set("for", this.path);
    url.searchParams.set("kind", "picture");
    await this.shown(fetch(url, { headers: { accept: "application/json" } }));
  }

  async send() {
    if (!this.file.files.length) return;
    this.state.textContent = this.words.uploading;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("base", this.base);
    body.set("for", this.path);
    body.set("files", this.file.files[0]);
    const headers = { accept: "application/json" };
    await this.shown(fetch(this.upload, { method: "POST", body, headers }), true);
  }

  async shown(asked, first = false) {
    try {
      const answer = await asked;
      if (!answer.headers.get("content-type")?.includes("json")) throw new Error(answer.status);
      const told = await answer.json();
      this.found = (told.files ?? []).filter((each) => each.picture);
      this.base = told.base ?? this.base;
      this.state.textContent = told.warnings?.join(" ") || (this.found.length ? "" : this.words.none);
    } catch {
      this.state.textContent = this.words.failed;
      return;
    }
    this.items.replaceChildren(...this.found.map((item, at) => this.row(item, at)));
    if (first && this.found.length) this.items.querySelector("input").checked = true;
    this.chosen();
  }

  row(item, at) {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const choice = Object.assign(document.createElement("input"), {
      type: "radio", name: "editor-media-choice", value: String(at),
    });
    const picture = Object.assign(document.createElement("img"), {
      src: item.thumb || item.url, alt: "", loading: "lazy",
    });
    const name = document.createElement("span");
    name.textContent = item.name;
    label.append(choice, picture, name);
    row.append(label);
    return row;
  }

  chosen() {
    const checked = this.items.querySelector("input:checked");
    this.button.disabled = !checked;
    this.item = checked && this.found[Number(checked.value)];
  }

  put() {
    if (!this.item) return;
    this.dialog.close();
    this.insert(this.item, this.alt.value.trim());
    this.alt.value = "";
  }
}
