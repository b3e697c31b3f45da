// What the console's editor uses of CodeMirror, as one module.
export { Compartment, EditorSelection, EditorState, Prec } from "@codemirror/state";
export {
  EditorView, drawSelection, dropCursor, highlightActiveLine, highlightSpecialChars, keymap,
} from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, redo, undo } from "@codemirror/commands";
export { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
export {
  HighlightStyle, LanguageDescription, LanguageSupport, StreamLanguage, bracketMatching,
  indentOnInput, syntaxHighlighting,
} from "@codemirror/language";
export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
export { markdown, markdownKeymap, markdownLanguage } from "@codemirror/lang-markdown";
export { html } from "@codemirror/lang-html";
export { yaml } from "@codemirror/lang-yaml";
export { json } from "@codemirror/lang-json";
export { toml } from "@codemirror/legacy-modes/mode/toml";
export { python } from "@codemirror/legacy-modes/mode/python";
export { shell } from "@codemirror/legacy-modes/mode/shell";
export { parseMixed } from "@lezer/common";
export { tags } from "@lezer/highlight";
