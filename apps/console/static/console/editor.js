// The editor of a document: text, tools, views, drafts, preview. Where it fails, the form still works.
import { Drafts } from "./editor-drafts.js";
import { MediaPicker } from "./editor-media.js";
import { Preview } from "./editor-preview.js";
import { mount } from "./editor-text.js";

const own = document.getElementById("editor").dataset;
const words = JSON.parse(document.getElementById("editor-words").textContent);
const form = document.getElementById("document-form");
const area = document.getElementById("id_body") ?? document.getElementById("id_source");
const tools = document.getElementById("editor-tools");
const views = document.getElementById("editor-views");
const pane = document.getElementById("preview-pane");
const count = document.getElementById("editor-count");

const VIEW = "whispercms view";
const TYPED = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const WIDE = matchMedia("(min-width: 768px)");

function remembered() {
  try { return localStorage.getItem(VIEW); } catch { return null; }
}

let text;
const actions = {
  bold: () => text.around("**", "**", words.placeholders.link),
  italic: () => text.around("*", "*", words.placeholders.link),
  code: () => (text.selected.includes("\n") ? text.around("```\n", "\n```") : text.around("`")),
  link: () => {
    const isUrl = /^https?:\/\/\S+$/.test(text.selected);
    if (isUrl) text.insert(`[${words.placeholders.link}](${text.selected})`);
    else text.around("[", "](https://)", words.placeholders.link);
  },
  heading: () => text.begin(() => "## ", /^#{1,6} /),
  list: () => text.begin(() => "- ", /^[-*+] /),
  numbers: () => text.begin((at) => `${at + 1}. `, /^\d+[.)] /),
  quote: () => text.begin(() => "> ", /^> ?/),
  image: () => picker?.open(),
  find: () => text.find(),
  help: () => document.getElementById("editor-keys").showModal(),
  save: () => submit("_continue"),
  review: () => submit("_review"),
  preview: () => look(view === "write" ? (WIDE.matches ? "split" : "preview") : "write"),
};
const keys = {
  "Mod-b": "bold", "Mod-i": "italic", "Mod-k": "link", "Mod-e": "code", "Mod-Alt-2": "heading",
  "Mod-Shift-7": "numbers", "Mod-Shift-8": "list", "Mod-Shift-9": "quote", "Mod-Shift-m": "image",
};
const commands = Object.entries(keys).map(([key, name]) => ({
  key, run: () => { actions[name](); return true; },
}));

function submit(name) {
  const button = document.querySelector(`[name="${name}"][form="document-form"], #document-form [name="${name}"]`);
  form.requestSubmit(button);
}

// Words as people count them, in all languages that put spaces between them, and in those that do not.
const segmenter = new Intl.Segmenter(document.documentElement.lang || "en", { granularity: "word" });
const plural = new Intl.PluralRules(document.documentElement.lang || "en");
let counting;
function countWords() {
  clearTimeout(counting);
  counting = setTimeout(() => {
    let number = 0;
    for (const each of segmenter.segment(text.value)) if (each.isWordLike) number += 1;
    const noun = words.count[plural.select(number)] ?? words.count.other;
    count.textContent = `${number.toLocaleString()} ${noun}`;
  }, 400);
}

function changed() {
  drafts.changed();
  preview.changed();
}

text = mount(area, {
  path: own.path, nonce: own.nonce, words, commands,
  changed: () => { changed(); countWords(); },
});
document.querySelector(".editor-text").before(tools);
tools.hidden = false;
countWords();

const drafts = new Drafts({
  form, path: own.path, url: own.draft, version: own.version, words: words.drafts,
  state: document.getElementById("draft-state"), fill,
});
const preview = new Preview({
  form, pane, url: own.preview, words: words.preview,
  goTo: (line) => { if (view === "preview") look("write"); text.goTo(line); },
});
const picker = own.media ? new MediaPicker({
  url: own.media, upload: own.upload, words: words.media, form, path: own.path,
  insert: (item, alt) => text.insert(`![${alt.replace(/[[\]\\]/g, "\\$&")}](${item.link})`),
}) : null;

function fill(entries) {
  const given = new Map();
  for (const [name, value] of entries) given.set(name, [...(given.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "submit") continue;
    const values = given.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  const own = given.get(area.name);
  if (own) text.value = own[0];
}

form.addEventListener("input", (event) => { if (event.target !== area && !event.target.closest(".editor-text")) changed(); });
form.addEventListener("change", (event) => { if (!event.target.closest(".editor-text")) changed(); });

const found = drafts.found();
const kept = document.getElementById("draft-kept");
if (found && !(kept && kept.dataset.version === found.version)) {
  drafts.offer(found, document.getElementById("draft-found"));
}

// The three views: the text, the page, or both.
let view;
function look(wanted) {
  const name = wanted === "split" && !WIDE.matches ? "write" : wanted;
  view = name;
  form.parentElement.dataset.view = name;
  pane.hidden = name === "write";
  for (const button of views.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  preview.show(name !== "write");
}
function choose(name) {
  look(name);
  try { localStorage.setItem(VIEW, name); } catch { /* Not remembered. */ }
}
const bar = document.createElement("div");
bar.className = "editor-bar";
bar.append(views, document.getElementById("draft-state"));
form.parentElement.classList.add("editor-page");
form.before(bar);
form.after(pane);
views.hidden = false;
views.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-view]");
  if (button) choose(button.dataset.view);
});
const wanted = () => (WIDE.matches ? remembered() ?? "split" : "write");
look(wanted());
WIDE.addEventListener("change", () => look(wanted()));

tools.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) actions[button.dataset.do]();
});
// One stop for Tab; the arrows go on from there.
const stops = [...tools.querySelectorAll("button")];
stops.forEach((button, at) => { button.tabIndex = at ? -1 : 0; });
tools.addEventListener("keydown", (event) => {
  const at = stops.indexOf(event.target);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = event.key === "Home" ? 0 : event.key === "End" ? stops.length - 1
    : step && (at + step + stops.length) % stops.length;
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  stops[at].tabIndex = -1;
  stops[next].tabIndex = 0;
  stops[next].focus();
});

addEventListener("keydown", (event) => {
  const isMod = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const name = isMod && !event.altKey && {
    s: event.shiftKey ? null : "save", enter: "review", p: event.shiftKey ? "preview" : null,
  }[key];
  const isText = event.target.closest(TYPED);
  if (name) {
    event.preventDefault();
    actions[name]();
  } else if (key === "?" && !isText && !document.querySelector("dialog[open]")) {
    actions.help();
  }
}, { capture: true });
