"""What somebody has typed and not saved, kept in the site's repository so that no crash loses it.

One ref for each person and document, `refs/whispercms/drafts/<person>/<document>`, moved by
compare-and-swap; digests stand for the names. Such refs are never pushed.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.http import QueryDict

from apps.console.writing.draft_bounds import (
    DRAFT_BYTES,
    DRAFT_DAYS,
    DRAFT_FIELDS,
    DRAFTS_EACH,
    OTHERS,
)
from apps.content.carrying import told_text
from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.commits import PLAIN_FILE, Author
from apps.gitsync.git.repository import Repository
from apps.gitsync.source import SiteSource
from apps.gitsync.writing.saving import keep_on_disk

DRAFTS: Final = "refs/whispercms/drafts/"
NEW: Final = "new"
"""Stands for the document that has no path yet."""
FILE: Final = "draft.json"
FORMAT: Final = 1
NAME: Final = 20
DAY: Final = 24 * 60 * 60
Form = Sequence[tuple[str, str]]


class Elsewhere(Exception):
    """Somebody else, or the same person in another window, kept another text meanwhile."""

    def __init__(self, draft: "Draft | None") -> None:
        self.draft = draft
        super().__init__("this text was changed in another window")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`what` is a path or NEW, `form` what the editor's form held, in its order; `moment` is in
    seconds since 1970. `version` is the commit that holds it."""

    owner: str
    what: str
    base: str
    form: tuple[tuple[str, str], ...]
    moment: int
    version: str = ""

    def as_query(self) -> QueryDict:
        """As the form would send it."""
        made = QueryDict(mutable=True)
        for name, value in self.form:
            made.appendlist(name, value)
        return made


class Drafts:
    """Of one node's clone. Raises GitFault."""

    def __init__(self, source: SiteSource) -> None:
        self._repository = Repository(source.repository, durable=True)

    def mine(self, owner: str, what: str) -> Draft | None:
        version = self._repository.resolve(ref_of(owner, what))
        return self._at(version) if version else None

    def at(self, version: str, owner: str, what: str) -> Draft | None:
        """Of a commit that is or was such a draft."""
        found = self._at(version)
        return found if found and (found.owner, found.what) == (owner, what) else None

    def others(self, owner: str, what: str) -> tuple[Draft, ...]:
        """What other people have typed for it, the newest first."""
        own, end = ref_of(owner, what), f"/{_name(what)}"
        refs = self._repository.refs(DRAFTS)
        versions = [v for ref, v in refs.items() if ref.endswith(end) and ref != own]
        found = [draft for each in versions[:OTHERS] if (draft := self._at(each))]
        return tuple(sorted(found, key=lambda draft: (-draft.moment, draft.owner)))

    def all_of(self, owner: str) -> tuple[Draft, ...]:
        """The newest first."""
        refs = self._repository.refs(f"{DRAFTS}{_name(owner)}/")
        found = [draft for each in refs.values() if (draft := self._at(each))]
        return tuple(sorted(found, key=lambda draft: (-draft.moment, draft.what)))

    def keep(self, draft: Draft, author: Author, expected: str) -> str:
        """The new version. `expected` is the one that was seen last, empty for none. Raises
        Elsewhere, and GitFault for what is too large or too many; then nothing has changed."""
        content, since = encoded(draft), time.time()
        ref = ref_of(draft.owner, draft.what)
        if not expected:
            self._make_room(draft.owner, draft.moment)
        git = self._repository
        tree = git.write_tree([(PLAIN_FILE, git.write_blob(content), FILE)])
        message = f"Draft of {draft.what}\n"
        version = git.write_commit(tree, self._parents(draft), message, author.as_environment())
        try:
            git.move(ref, version, expected or None)
        except RefMoved as error:
            raise Elsewhere(self.mine(draft.owner, draft.what)) from error
        keep_on_disk(git, ref, since)
        return version

    def forget(self, owner: str, what: str, version: str = "") -> bool:
        """Whether there was one. With `version`, only as long as it is that one."""
        ref = ref_of(owner, what)
        found = version or self._repository.resolve(ref)
        if found:
            with suppress(RefMoved):
                self._repository.remove(ref, found)
                return True
        return False

    def sweep(self, now: float) -> int:
        """Of everybody: how many were too old."""
        old = [each for each in self._ages(DRAFTS) if now - each[0] > DRAFT_DAYS * DAY]
        return sum(self._removed(ref, version) for _, ref, version in old)

    def _make_room(self, owner: str, now: float) -> None:
        self.sweep(now)
        kept = self._ages(f"{DRAFTS}{_name(owner)}/")
        for _, ref, version in kept[: max(0, len(kept) + 1 - DRAFTS_EACH)]:
            self._removed(ref, version)

    def _removed(self, ref: str, version: str) -> bool:
        with suppress(RefMoved):
            self._repository.remove(ref, version)
            return True
        return False

    def _ages(self, below: str) -> list[tuple[int, str, str]]:
        """(moment, ref, version), the oldest first."""
        form = "--format=%(committerdate:unix) %(refname) %(objectname)"
        lines = self._repository.plumb("for-each-ref", form, below).decode().splitlines()
        parts = (line.split(" ") for line in lines)
        return sorted((int(moment), ref, version) for moment, ref, version in parts)

    def _parents(self, draft: Draft) -> tuple[str, ...]:
        """What it was made from stays here for as long as it does."""
        known = draft.base and self._repository.has_commit(draft.base)
        return (draft.base,) if known else ()

    def _at(self, version: str) -> Draft | None:
        try:
            ((_, content),) = self._repository.read([f"{version}:{FILE}"])
        except GitFault:
            return None
        return decoded(content, version)


def ref_of(owner: str, what: str) -> str:
    return f"{DRAFTS}{_name(owner)}/{_name(what)}"


def encoded(draft: Draft) -> bytes:
    """Raises GitFault."""
    told = {
        "format": FORMAT,
        "owner": draft.owner,
        "what": draft.what,
        "base": draft.base,
        "moment": draft.moment,
        "form": [list(pair) for pair in draft.form],
    }
    content = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    if len(content) > DRAFT_BYTES or len(draft.form) > DRAFT_FIELDS:
        reason = f"a draft has {DRAFT_BYTES} bytes and {DRAFT_FIELDS} fields at most"
        raise GitFault("draft.size", reason, "Save what you have, or make several pages of it")
    return content


def decoded(content: bytes, version: str) -> Draft | None:
    """None for what `encoded` did not write."""
    try:
        told = json.loads(content.decode("utf-8", "surrogatepass"))
        if told["format"] != FORMAT:
            return None
        texts = {name: told_text(told[name]) for name in ("owner", "what", "base")}
        form = tuple(_pairs(told["form"]))
        return Draft(**texts, form=form, moment=int(told["moment"]), version=version)
    except (KeyError, TypeError, ValueError):
        return None


def _pairs(told: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for name, value in told:
        yield told_text(name), told_text(value)


def _name(text: str) -> str:
    return sha256(os.fsencode(text)).hexdigest()[:NAME]
