// Keeps what is typed: in this browser at every pause, on the server every few seconds. Neither a
// crash of the browser nor one of the server, nor a lost connection, costs more than a moment.
const HERE = 250;
const THERE = 3000;
const RETRY = [2000, 5000, 10000, 30000];
const OWN = new Set(["csrfmiddlewaretoken", "draft_version", "base"]);

export class Drafts {
  constructor({ form, state, path, url, version, words, fill }) {
    Object.assign(this, { form, state, path, url, version, words, fill });
    this.key = `whispercms draft ${path}`;
    this.first = this.entries();
    this.failures = 0;
    this.isDirty = false;
    addEventListener("online", () => this.isUnsent && this.send());
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    addEventListener("pagehide", () => this.isDirty && this.store());
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget || event.submitter?.hasAttribute("formaction")) return;
      this.isDirty = false;
      clearTimeout(this.later);
      this.underWay?.abort();
      this.store({ submitted: true });
    });
  }

  entries() {
    return [...new FormData(this.form)].filter(
      ([name, value]) => typeof value === "string" && !OWN.has(name) && !name.startsWith("_"),
    );
  }

  // What this browser still has of a page that was left without saving.
  found() {
    const kept = this.read();
    if (!kept) return null;
    const saved = kept.submitted && kept.base !== this.base();
    if (saved || same(kept.entries, this.first)) {
      this.forget();
      return null;
    }
    return kept;
  }

  base() { return this.form.elements.base?.value ?? ""; }

  changed() {
    this.isDirty = true;
    this.isUnsent = true;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.store(), HERE);
    if (this.failures === 0 && !this.isElsewhere) this.plan(THERE);
  }

  plan(pause) {
    if (this.isPlanned) return;
    this.isPlanned = true;
    this.later = setTimeout(() => {
      this.isPlanned = false;
      this.send();
    }, pause);
  }

  async send() {
    if (this.isSending || this.isElsewhere || !this.url) return;
    this.isSending = true;
    this.isUnsent = false;
    this.underWay = new AbortController();
    const body = new FormData(this.form);
    body.set("draft_version", this.version);
    try {
      const answer = await fetch(this.url, {
        method: "POST", body, headers: { accept: "application/json" },
        signal: this.underWay.signal,
      });
      await this.answered(answer);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed(this.words.offline);
    } finally {
      this.isSending = false;
      if (this.isUnsent && !this.isElsewhere && this.failures === 0) this.plan(THERE);
    }
  }

  async answered(answer) {
    const isJson = answer.headers.get("content-type")?.includes("json");
    if (answer.ok && isJson) {
      const { version, moment } = await answer.json();
      this.version = version;
      this.failures = 0;
      this.store();
      this.tell(`${this.words.kept} ${time(moment)}`);
    } else if (answer.status === 409 && isJson) {
      this.elsewhere(await answer.json());
    } else if (answer.status === 403 && await this.isLoggedOut()) {
      this.failed(this.words.loggedOut);
    } else {
      this.failed(this.words.refused);
    }
  }

  // Somebody may have logged in again in another window: then the form has an old token.
  async isLoggedOut() {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("#document-form [name=csrfmiddlewaretoken]")?.value;
    if (!token) return true;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return false;
  }

  failed(told) {
    this.isUnsent = true;
    this.store();
    this.tell(told, "warn");
    this.isPlanned = false;
    clearTimeout(this.later);
    this.plan(RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  // Another window kept another text: nothing is overwritten until a person says so.
  elsewhere({ version, moment }) {
    this.isElsewhere = true;
    this.tell(`${this.words.elsewhere} ${moment ? time(moment) : ""}`, "warn");
    const mine = button(this.words.keepMine, () => {
      this.version = version;
      this.isElsewhere = false;
      this.send();
    });
    this.state.append(" ", mine);
    if (version) {
      const theirs = document.createElement("a");
      theirs.href = this.state.dataset.goOn;
      theirs.textContent = this.words.takeOther;
      theirs.addEventListener("click", () => {
        this.isDirty = false;
        this.forget();
      });
      this.state.append(" ", theirs);
    }
  }

  tell(text, kind = "") {
    this.state.textContent = text;
    this.state.dataset.kind = kind;
  }

  store(more = {}) {
    clearTimeout(this.soon);
    const kept = {
      entries: this.entries(), base: this.base(), version: this.version,
      moment: Math.floor(Date.now() / 1000), ...more,
    };
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // No room, or not allowed: the server keeps it.
    }
    if (!this.state.textContent && !more.submitted) this.tell(this.words.here);
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(kept?.entries) ? kept : null;
    } catch {
      return null;
    }
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  // Shows what this browser has, and lets its author choose.
  offer(kept, place) {
    const text = place.querySelector(".draft-when");
    text.textContent = `${this.words.found} ${time(kept.moment)}`;
    place.hidden = false;
    place.querySelector("[data-continue]").addEventListener("click", () => {
      place.hidden = true;
      this.version = kept.version || this.version;
      this.fill(kept.entries);
      this.changed();
    });
    place.querySelector("[data-discard]").addEventListener("click", () => {
      place.hidden = true;
      this.forget();
    });
  }
}

const same = (one, two) => JSON.stringify(one) === JSON.stringify(two);

export function time(moment) {
  const then = new Date(moment * 1000);
  const isToday = then.toDateString() === new Date().toDateString();
  const hours = { hour: "2-digit", minute: "2-digit" };
  return isToday ? then.toLocaleTimeString([], hours)
    : then.toLocaleString([], { ...hours, day: "numeric", month: "short" });
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
