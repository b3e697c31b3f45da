"""An act tried on every page of the site before it is done, as long work that its owner watches."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.console import jobs
from apps.console.extending import trials
from apps.console.extending.bounds import PREVIEWED
from apps.console.node import node
from apps.content.catalogue import catalogue
from apps.delivery.served import Node
from apps.delivery.trying.addresses import MISSING
from apps.delivery.trying.rehearsal import Assets, apart, compare
from apps.extensions.overlay import Overlaid
from apps.extensions.owning.owned import OwnerRefused
from apps.extensions.registry import Registry
from apps.extensions.settling import ExtensionsUnusable
from apps.gitsync.owning import Act, Look, look

_alone: Final = threading.Lock()
"""Each has workers of its own for the whole site, twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """`back` leads to the page that would do it; `is_look` is for a few pages alone."""

    act: Act
    title: str
    back: str
    owner: str
    commit: str | None = None
    is_look: bool = False

    def __call__(self, progress: jobs.Progress) -> str:
        """The address of what came of it."""
        progress(_("Waiting until it is the only trial"))
        with _alone:
            return self._tried(progress)

    def _tried(self, progress: jobs.Progress) -> str:
        here = node()
        progress(_("Looking at what would change"))
        found = look(here.site(), self.act, here.workers, self.commit)
        own = here.apart(settings.SITE_FILES)
        keeping = trials.Keeping()
        progress(_("Starting the site with it, beside the one that visitors see"))
        try:
            with apart(own) as before:
                made, assets = compare(
                    own,
                    before,
                    _wanted(own, found),
                    lambda done, of: progress(_("Making every page twice"), done, of),
                    keep=keeping,
                    only=_few(own) if self.is_look else (),
                )
        except ExtensionsUnusable as error:
            raise OwnerRefused("defects", str(error), error.problems) from error
        trial = trials.Trial(
            owner=self.owner,
            title=self.title,
            back=self.back,
            found=made,
            pages=keeping.pages,
            assets=_unknown(here.live.current().registry, assets),
            is_look=self.is_look,
        )
        trials.keep(trial)
        return reverse("admin:extension_trial", args=[trial.id])


def _wanted(own: Node, found: Look) -> Overlaid:
    """The served commit with the change: all else of it stays, other systems' settings included."""
    pointer, kept = own.index.pointer_and_kept()
    if pointer is None:
        raise OwnerRefused("unserved", "no commit is served here yet")
    now, then = pointer.site_configuration(), found.after.configuration
    configuration = replace(now, themes=then.themes, plugins=then.plugins, text=then.text)
    changes = found.after.changes
    changed = {path: found.after.files[path] for path in changes if path in found.after.files}
    rest = {path: content for path, content in kept.items() if path not in changes}
    return Overlaid(configuration, rest | changed)


def _unknown(live: Registry, assets: Assets) -> Assets:
    """Those that visitors are not sent now."""
    return {url: each for url, each in assets.items() if live.asset(url) is None}


def _few(own: Node) -> Sequence[str]:
    """The front page, a document, a list, and what is shown where there is nothing."""
    known = catalogue(own.files)
    documents = [url for url in known.urls if url.strip("/") not in ("", *known.sections)]
    lists = [f"/{section}/" for section in known.sections]
    return list(dict.fromkeys(["/", *documents[-1:], *lists[:1], MISSING]))[:PREVIEWED]
