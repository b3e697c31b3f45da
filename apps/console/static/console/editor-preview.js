// The page as readers would see it, made anew at every pause in typing. One request is under way at
// a time, and the newest text wins; what is shown changes in place.
const PAUSE = 120;

export class Preview {
  constructor({ form, pane, url, words, goTo }) {
    Object.assign(this, { form, pane, url, words, goTo });
    this.frame = pane.querySelector("iframe");
    this.notes = pane.querySelector(".preview-notes");
    this.state = pane.querySelector(".preview-state");
    this.isOn = false;
    this.isUnderWay = false;
    this.isWanted = false;
    this.isReady = false;
    this.number = 0;
    this.newest = null;
    addEventListener("message", (event) => this.heard(event));
    addEventListener("online", () => this.isOn && this.isStale && this.ask());
  }

  // Of what is not looked at, nothing is made.
  show(isOn) {
    this.isOn = isOn;
    if (isOn && this.isStale !== false) this.ask();
  }

  changed() {
    this.isStale = true;
    this.began = performance.now();
    if (!this.isOn) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    if (this.isUnderWay) {
      this.isWanted = true;
      return;
    }
    this.isUnderWay = true;
    this.isWanted = this.isStale = false;
    this.pane.setAttribute("aria-busy", "true");
    const began = this.began ?? performance.now();
    try {
      const answer = await fetch(this.url, {
        method: "POST", body: new FormData(this.form), headers: { accept: "application/json" },
      });
      const isJson = answer.headers.get("content-type")?.includes("json");
      if (!isJson) throw new Error(String(answer.status));
      this.made(await answer.json(), began);
    } catch (error) {
      const isNetwork = error instanceof TypeError;
      this.state.textContent = isNetwork ? this.words.offline : this.words.unavailable;
      this.isStale = true;
    } finally {
      this.isUnderWay = false;
      this.pane.removeAttribute("aria-busy");
      if (this.isWanted) this.ask();
    }
  }

  made({ address, html, url, notes }, began) {
    this.tell(notes);
    this.state.textContent = url ? `${this.words.address} ${url}` : this.words.none;
    if (!address) return;
    this.number += 1;
    this.newest = html === null ? null : { html, number: this.number, began };
    if (this.isReady && this.newest) {
      this.post();
    } else if (!this.isLoading || html === null) {
      this.isReady = false;
      this.isLoading = true;
      this.frame.hidden = false;
      this.frame.src = address;
    }
  }

  post() {
    // The frame has no origin, so none can be named; it is shown nothing but its own page.
    this.frame.contentWindow.postMessage({ html: this.newest.html, number: this.newest.number }, "*");
  }

  heard(event) {
    if (event.source !== this.frame.contentWindow || typeof event.data?.preview !== "string") return;
    if (event.data.preview === "ready") {
      this.isReady = true;
      this.isLoading = false;
      if (this.newest) this.post();
    }
    if (event.data.preview === "shown" && event.data.number === this.newest?.number) {
      performance.measure("preview", { start: this.newest.began, end: performance.now() });
      this.pane.dataset.shown = String(event.data.number);
    }
    if (event.data.preview === "link") {
      this.state.textContent = `${this.words.link} ${String(event.data.target).slice(0, 300)}`;
    }
  }

  tell(notes) {
    const said = JSON.stringify(notes);
    if (said === this.said) return;
    this.said = said;
    this.notes.replaceChildren(...notes.map((note) => {
      const item = document.createElement("li");
      item.className = `notice notice--${note.kind}`;
      if (note.line) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button--quiet";
        button.textContent = `${this.words.line} ${note.line}`;
        button.addEventListener("click", () => this.goTo(note.line));
        item.append(button, " ");
      }
      item.append(note.text);
      return item;
    }));
  }
}
