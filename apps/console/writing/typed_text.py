"""The bytes of a document as a form has them that nobody has sent to be saved: what a preview is
made of, many times a minute.
"""

from functools import lru_cache
from typing import Final

from django.http import QueryDict

from apps.console.node import node
from apps.console.writing.making import retyped
from apps.console.writing.opened import Opened, now_text, open_document
from apps.console.writing.posting import read_sent
from apps.content.merging.forms import form_of
from apps.gitsync.writing.changing import ALONE
from apps.runtime.workers import Workers

OPENED: Final = 16
"""Documents that are written at the same time, as they were at the commit they were opened at."""


def typed(form: QueryDict, path: str, base: str) -> bytes:
    """As saving would write it, but for what it adds on its own. Raises GitFault and EditError."""
    here = node()
    opened = _opened(here.workers, path, base)
    sent = read_sent(opened, form.dict(), now_text())
    if sent.source is not None:
        return retyped(opened.content, sent.source)
    if not sent.changes and sent.body is None:
        return opened.content
    alone = ALONE.get(form_of(path))
    return here.scribe().edited(opened.content, sent.changes, sent.body, alone=alone).content


@lru_cache(maxsize=OPENED)
def _opened(workers: Workers, path: str, base: str) -> Opened:
    """A commit does not change, so neither does what it holds; `workers` stand for the node."""
    return open_document(node(), path, base)
