// The text field as an editor: CodeMirror over the textarea, which stays what the form sends.
import * as cm from "./vendor/codemirror.js";

const colours = cm.HighlightStyle.define([
  { tag: cm.tags.heading, class: "text-heading" },
  { tag: cm.tags.strong, class: "text-strong" },
  { tag: cm.tags.emphasis, class: "text-emphasis" },
  { tag: cm.tags.strikethrough, class: "text-gone" },
  { tag: [cm.tags.link, cm.tags.url], class: "text-link" },
  { tag: [cm.tags.monospace, cm.tags.string, cm.tags.special(cm.tags.string)], class: "text-code" },
  { tag: [cm.tags.keyword, cm.tags.tagName, cm.tags.propertyName, cm.tags.definition(cm.tags.propertyName), cm.tags.attributeName], class: "text-key" },
  { tag: [cm.tags.number, cm.tags.bool, cm.tags.atom, cm.tags.null], class: "text-value" },
  { tag: [cm.tags.comment, cm.tags.processingInstruction, cm.tags.meta, cm.tags.quote, cm.tags.contentSeparator], class: "text-quiet" },
]);

const legacy = (mode) => cm.StreamLanguage.define(mode);
const languages = {
  yaml: cm.yaml().language, toml: legacy(cm.toml), json: cm.json().language,
  python: legacy(cm.python), shell: legacy(cm.shell),
};
const code = [
  ["yaml", ["yml"]], ["toml", []], ["json", []], ["python", ["py"]], ["shell", ["sh", "bash"]],
].map(([name, alias]) => cm.LanguageDescription.of({
  name, alias, support: new cm.LanguageSupport(languages[name]),
}));

const MARKS = { "---": "yaml", "+++": "toml" };
// The header of a document: what stands between two lines of marks at the very beginning.
const header = {
  defineNodes: [{ name: "Header", block: true }, "HeaderMark", "HeaderYaml", "HeaderToml"],
  parseBlock: [{
    name: "Header",
    before: "HorizontalRule",
    parse(context, line) {
      const mark = line.text.trimEnd();
      if (context.lineStart !== 0 || !MARKS[mark]) return false;
      const parts = [context.elt("HeaderMark", 0, mark.length)];
      const start = line.text.length + 1;
      while (context.nextLine()) {
        if (line.text.trimEnd() !== mark) continue;
        const end = context.lineStart;
        const name = MARKS[mark] === "yaml" ? "HeaderYaml" : "HeaderToml";
        if (end > start) parts.push(context.elt(name, start, end));
        parts.push(context.elt("HeaderMark", end, end + mark.length));
        context.nextLine();
        break;
      }
      context.addElement(context.elt("Header", 0, context.prevLineEnd(), parts));
      return true;
    },
  }],
  wrap: cm.parseMixed((node) => {
    if (node.name === "HeaderYaml") return { parser: languages.yaml.parser };
    return node.name === "HeaderToml" ? { parser: languages.toml.parser } : null;
  }),
};

function languageOf(path) {
  if (/\.html?$/.test(path)) return cm.html();
  if (/\.json$/.test(path)) return cm.json();
  return cm.markdown({
    base: cm.markdownLanguage, codeLanguages: code, extensions: header, pasteURLAsLink: true,
  });
}

// Escape, and then Tab leaves the editor; Tab alone never does anything else than that.
const own = (commands) => cm.Prec.high(cm.keymap.of(
  commands.filter((each) => each.key).map(({ key, run }) => ({ key, run, preventDefault: true })),
));

export function mount(textarea, { path, nonce, words, commands, changed }) {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const attributes = {
    "aria-label": label?.textContent.trim() || words.text,
    spellcheck: "true", autocorrect: "on", autocapitalize: "sentences",
    ...(textarea.getAttribute("aria-describedby")
      ? { "aria-describedby": textarea.getAttribute("aria-describedby") } : {}),
    ...(textarea.getAttribute("aria-invalid")
      ? { "aria-invalid": textarea.getAttribute("aria-invalid") } : {}),
  };
  const state = cm.EditorState.create({
    doc: textarea.value,
    extensions: [
      own(commands),
      cm.history(), cm.drawSelection(), cm.dropCursor(), cm.highlightSpecialChars(),
      cm.highlightActiveLine(), cm.bracketMatching(), cm.closeBrackets(), cm.indentOnInput(),
      cm.search({ top: true }), cm.highlightSelectionMatches(),
      cm.autocompletion({ activateOnTyping: false }),
      languageOf(path), cm.syntaxHighlighting(colours),
      cm.keymap.of([
        ...cm.closeBracketsKeymap, ...cm.markdownKeymap, ...cm.searchKeymap,
        ...cm.historyKeymap, ...cm.completionKeymap, ...cm.defaultKeymap,
      ]),
      cm.EditorView.lineWrapping,
      cm.EditorView.cspNonce.of(nonce),
      cm.EditorView.contentAttributes.of(attributes),
      cm.EditorState.phrases.of(words.phrases),
      cm.EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        textarea.value = update.state.doc.toString();
        changed();
      }),
    ],
  });
  const place = document.createElement("div");
  place.className = textarea.id === "id_source" ? "editor-text editor-text--source" : "editor-text";
  textarea.before(place);
  const view = new cm.EditorView({ state, parent: place });
  textarea.hidden = true;
  label?.addEventListener("click", () => view.focus());
  return new Text(view);
}

class Text {
  constructor(view) { this.view = view; }

  get value() { return this.view.state.doc.toString(); }

  set value(text) {
    const { state } = this.view;
    if (text === this.value) return;
    this.view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text } });
  }

  focus() { this.view.focus(); }

  find() { cm.openSearchPanel(this.view); }

  goTo(number) {
    const { doc } = this.view.state;
    const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
    this.focus();
  }

  // Puts marks around each selection, or takes them away where they are.
  around(before, after = before, otherwise = "") {
    const { state } = this.view;
    this.view.dispatch(state.changeByRange((range) => {
      const found = state.sliceDoc(range.from, range.to) || otherwise;
      const outer = state.sliceDoc(range.from - before.length, range.from) === before
        && state.sliceDoc(range.to, range.to + after.length) === after;
      if (outer) {
        return {
          changes: [
            { from: range.from - before.length, to: range.from },
            { from: range.to, to: range.to + after.length },
          ],
          range: cm.EditorSelection.range(range.from - before.length, range.to - before.length),
        };
      }
      return {
        changes: { from: range.from, to: range.to, insert: before + found + after },
        range: cm.EditorSelection.range(range.from + before.length, range.from + before.length + found.length),
      };
    }), { userEvent: "input" });
    this.focus();
  }

  // Begins each selected line with a mark, or takes it away where all lines have it.
  begin(markOf, pattern) {
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const first = state.doc.lineAt(from).number;
    const last = state.doc.lineAt(to).number;
    const lines = [];
    for (let number = first; number <= last; number += 1) lines.push(state.doc.line(number));
    const all = lines.every((line) => pattern.test(line.text));
    const changes = lines.map((line, at) => {
      const had = pattern.exec(line.text)?.[0].length ?? 0;
      return { from: line.from, to: line.from + had, insert: all ? "" : markOf(at) };
    });
    this.view.dispatch({ changes, userEvent: "input" });
    this.focus();
  }

  insert(text) {
    this.view.dispatch(this.view.state.replaceSelection(text), { userEvent: "input.paste" });
    this.focus();
  }

  get selected() {
    const { state } = this.view;
    return state.sliceDoc(state.selection.main.from, state.selection.main.to);
  }
}
