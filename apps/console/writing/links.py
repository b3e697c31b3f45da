"""Links that show one document, as it was when they were made, to somebody without an account.

The text is a commit of its own, `refs/whispercms/previews/<id>`; what must not be lost is a row.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.console import asking
from apps.console.authors import author_of
from apps.console.models import Account, PreviewLink
from apps.console.writing import preview_tokens, previews
from apps.console.writing.draft_bounds import LINK_HOURS_MOST, LINKS_EACH
from apps.console.writing.preview_room import Shown
from apps.console.writing.subjects import subject
from apps.gitsync.errors import GitFault, RefMoved
from apps.gitsync.git.commits import PLAIN_FILE
from apps.gitsync.git.repository import Repository
from apps.gitsync.writing.saving import keep_on_disk
from apps.policy.entities import Person, Resource

REFS: Final = "refs/whispercms/previews/"
FILE: Final = "document"
LOOK: Final = "preview"
HOUR: Final = 60 * 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link that somebody asks for: the document as it is to be shown, for so many hours."""

    path: str
    content: bytes
    hours: int


def make(user: Account, asker: Person, resource: Resource, wanted: Wanted, now: float) -> str:
    """The address, which is told this once. Policy was asked. Raises GitFault."""
    if not 1 <= wanted.hours <= LINK_HOURS_MOST:
        reason = f"a link is good for 1 to {LINK_HOURS_MOST} hours"
        raise GitFault("preview.hours", reason, "Choose another time")
    sweep(now)
    if _good(asker.id, now).count() >= LINKS_EACH:
        reason = f"{LINKS_EACH} of your links are good at the moment"
        raise GitFault("preview.links", reason, "Withdraw one of them")
    said = token_hex(preview_tokens.NAME // 2)
    name = _digest(said)
    commit = _pinned(user, name, wanted)
    expires = now + wanted.hours * HOUR
    with transaction.atomic():
        PreviewLink.objects.create(
            name=name,
            site=settings.SITE_KEY,
            path=wanted.path,
            commit=commit,
            by=asker.id,
            made=now,
            expires=expires,
        )
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expires))
        reason = f"a link to a preview was made, good until {moment}"
        asking.note(asker, LOOK, resource, allowed=True, reason=reason)
    return preview_tokens.address(f"{preview_tokens.LINK}-{said}")


def withdraw(asker: Person, resource: Resource, path: str, key: int, now: float) -> bool:
    """Whether there was one that was still good. Policy was asked."""
    with transaction.atomic():
        row = _rows().filter(pk=key, path=path, withdrawn=0.0).first()
        if row is None:
            return False
        row.withdrawn = now
        row.save(update_fields=["withdrawn"])
        reason = f"a link to a preview of {row.by} was withdrawn"
        asking.note(asker, LOOK, resource, allowed=True, reason=reason)
    _unpin(row)
    return True


def known(path: str, now: float) -> Sequence[PreviewLink]:
    """Of one document, that are still good, the newest first."""
    return list(_rows().filter(path=path, withdrawn=0.0, expires__gt=now).order_by("-made"))


def find(name: str, now: float) -> PreviewLink | None:
    """By what the link says, if it is good and whoever made it still may look at the document."""
    row = _rows().filter(name=_digest(name), withdrawn=0.0, expires__gt=now).first()
    if row is None or not _may_still(row):
        return None
    return row


def shown(name: str, now: float) -> Shown | None:
    """The page that a link leads to; it is made anew where the site has moved on."""
    row = find(name.removeprefix(f"{preview_tokens.LINK}-"), now)
    if row is None:
        previews.room.forget(name)
        return None
    kept = previews.room.get(name, now)
    if kept and previews.is_of_today(kept):
        return kept
    repository = Repository(settings.SITE_SOURCE.repository)
    ((_, content),) = repository.read([f"{row.commit}:{FILE}"])
    made = previews.make(row.path, content, preview_tokens.files_address(name))
    page = made.shown or previews.told(row.path, made.notes)
    previews.room.put(name, page)
    return page


def sweep(now: float) -> int:
    """Forgets what nobody can use any more; how many."""
    old = [*_rows().filter(expires__lte=now), *_rows().filter(withdrawn__gt=0.0)]
    for row in old:
        _unpin(row)
        row.delete()
    return len(old)


def _may_still(row: PreviewLink) -> bool:
    if not Account.objects.filter(username=row.by, is_active=True, is_staff=True).exists():
        return False
    who = asking.person(row.by)
    return asking.decide(who, LOOK, subject(row.path)).allowed


def _pinned(user: Account, name: str, wanted: Wanted) -> str:
    """A commit that holds the text, and a ref that keeps it."""
    since = time.time()
    repository = Repository(settings.SITE_SOURCE.repository, durable=True)
    tree = repository.write_tree([(PLAIN_FILE, repository.write_blob(wanted.content), FILE)])
    author = author_of(user).as_environment()
    commit = repository.write_commit(tree, (), f"Preview of {wanted.path}\n", author)
    repository.move(REFS + name, commit, None)
    keep_on_disk(repository, REFS + name, since)
    return commit


def _unpin(row: PreviewLink) -> None:
    with suppress(RefMoved):
        Repository(settings.SITE_SOURCE.repository).remove(REFS + row.name, row.commit)


def _good(by: str, now: float) -> "QuerySet[PreviewLink]":
    return _rows().filter(by=by, withdrawn=0.0, expires__gt=now)


def _rows() -> "QuerySet[PreviewLink]":
    return PreviewLink.objects.filter(site=settings.SITE_KEY)


def _digest(said: str) -> str:
    return sha256(said.encode()).hexdigest()[: preview_tokens.NAME]
