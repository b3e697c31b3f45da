"""The bytes that a document is to have, of what a form sent; made in a confined worker."""

from apps.console.node import ConsoleNode
from apps.console.writing.opened import Opened, configured
from apps.console.writing.posting import Sent
from apps.content.edits.written import Splice, read_written
from apps.content.frontmatter import normal
from apps.content.merging.forms import form_of
from apps.gitsync.writing.changing import ALONE, FileChange
from apps.gitsync.writing.renaming import with_old_address
from apps.gitsync.writing.wording import CAUSE


def made(node: ConsoleNode, opened: Opened, sent: Sent) -> bytes:
    """Where the document gets another address, with the old one kept. Raises EditError."""
    if sent.source is not None:
        new = retyped(opened.content, sent.source)
    elif sent.changes or sent.body is not None:
        alone = ALONE.get(form_of(opened.path))
        edits = node.scribe().edited(opened.content, sent.changes, sent.body, alone=alone)
        new = edits.content
    else:
        return opened.content
    return _addressed(node, opened, new)


def retyped(old: bytes, text: str) -> bytes:
    """A text as a form sends it, with the line ends that the file has. Raises EditError."""
    before = read_written(old)
    return before.spliced([Splice(0, len(before.text), normal(text))]).encode()


def _addressed(node: ConsoleNode, opened: Opened, new: bytes) -> bytes:
    change = FileChange(
        path=opened.path,
        base=opened.base,
        old=opened.content,
        new=new,
        cause="",
        trailers={CAUSE: ""},
    )
    return with_old_address(change, configured(), node.renderer, node.scribe()).new
