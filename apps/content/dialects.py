"""The two Markdown dialects, each made once: CommonMark by comrak, and Python-Markdown.

Neither sanitises; both are given only what `bounds` has let through.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import comrak

from apps.content import bounds
from apps.content.flaws import FlawError
from apps.content.headings import COMMONMARK, PYTHON_MARKDOWN, with_ids


@contextmanager
def _without_pygments() -> Iterator[None]:
    """Python-Markdown's fences import it for nothing: 30 ms and 5 MB in every worker."""
    kept = {name: sys.modules[name] for name in list(sys.modules) if name.startswith("pygments")}
    for name in kept:
        del sys.modules[name]
    sys.modules["pygments"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pygments"]
        sys.modules.update(kept)


with _without_pygments():
    from markdown import Markdown
    from markdown.extensions import Extension
    from markdown.extensions.admonition import AdmonitionExtension
    from markdown.extensions.attr_list import AttrListExtension
    from markdown.extensions.def_list import DefListExtension
    from markdown.extensions.fenced_code import FencedCodeExtension
    from markdown.extensions.footnotes import FootnoteExtension
    from markdown.extensions.sane_lists import SaneListExtension
    from markdown.extensions.tables import TableExtension
    from markdown.extensions.toc import TocExtension


Options = tuple[comrak.ExtensionOptions, comrak.ParseOptions, comrak.RenderOptions]


def _comrak_options(*, autolink: bool) -> Options:
    extensions = comrak.ExtensionOptions()
    extensions.alerts = True
    extensions.autolink = autolink
    extensions.description_lists = True
    extensions.footnotes = True
    extensions.strikethrough = True
    extensions.table = True
    extensions.tasklist = True
    render = comrak.RenderOptions()
    render.tasklist_classes = True
    # Raw HTML passes, since everything is sanitised afterwards.
    render.unsafe_ = True
    return extensions, comrak.ParseOptions(), render


_OPTIONS = _comrak_options(autolink=True)
_WITHOUT_AUTOLINK = _comrak_options(autolink=False)


def _python_markdown() -> Markdown:
    """Built-in extensions only, and none that reads files."""
    extensions: list[Extension | str] = [
        AdmonitionExtension(),
        AttrListExtension(),
        DefListExtension(),
        FencedCodeExtension(),
        FootnoteExtension(),
        SaneListExtension(),
        TableExtension(use_align_attribute=True),
        TocExtension(),
    ]
    return Markdown(extensions=extensions, output_format="html")


class _PythonMarkdown:
    """One instance for all documents: making it costs as much as several of them."""

    def __init__(self) -> None:
        self._instance = _python_markdown()

    def render(self, text: str) -> str:
        try:
            return str(self._instance.reset().convert(text))
        except BaseException:
            # Its parser keeps state that `reset` does not clear.
            self._instance = _python_markdown()
            raise


_PYTHON_MARKDOWN = _PythonMarkdown()


def commonmark(text: str) -> str:
    """Unsafe HTML. Raises FlawError."""
    bounds.check_commonmark(text)
    options = _OPTIONS if text.count("@") <= bounds.MAX_EMAILS else _WITHOUT_AUTOLINK
    return with_ids(comrak.render_markdown(text, *options))


def python_markdown(text: str) -> str:
    """Unsafe HTML. Raises FlawError."""
    bounds.check_python_markdown(text)
    try:
        return _PYTHON_MARKDOWN.render(text)
    except RecursionError:
        reason = (
            "lists, quotes or definitions are nested too deeply, or follow without a blank line"
        )
        raise FlawError("markup.too-deep", 1, reason) from None


def quickly(text: str, *, checked: bool) -> str:
    """CommonMark as unsafe HTML without ids, whatever dialect it was written in. Raises FlawError,
    unless it was `checked` before."""
    if not checked:
        bounds.check_commonmark(text)
    return str(comrak.render_markdown(text, *_WITHOUT_AUTOLINK))


def inline(text: str, definitions: str = "") -> str:
    """One line of CommonMark as unsafe HTML; definitions give its reference links their targets."""
    html = comrak.render_markdown(f"# {text}\n\n{definitions}", *_WITHOUT_AUTOLINK)
    return html.partition("</h1>")[0]


RENDER = {COMMONMARK: commonmark, PYTHON_MARKDOWN: python_markdown}
