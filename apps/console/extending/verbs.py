"""What can be done with an extension, and what policy is asked for it. Pure."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`words` say what comes of it, for whoever is about to do it. `shows` that pages may change,
    so that it can be tried on all of them first."""

    name: str
    action: str
    title: Any
    button: Any
    words: Any
    shows: bool = True
    is_final: bool = False


VERBS: Final = (
    Verb(
        name="enable",
        action="enable-extension",
        title=_("Turn on %(name)s"),
        button=_("Turn on"),
        words=_("It runs from then on, with what you let it do."),
    ),
    Verb(
        name="disable",
        action="enable-extension",
        title=_("Turn off %(name)s"),
        button=_("Turn off"),
        words=_("It runs no longer. Its settings, and what you let it do, are kept."),
    ),
    Verb(
        name="install",
        action="install-extension",
        title=_("Add %(name)s"),
        button=_("Add it"),
        words=_("Its files become a part of the site, as they are now."),
    ),
    Verb(
        name="uninstall",
        action="install-extension",
        title=_("Remove %(name)s"),
        button=_("Remove it"),
        words=_("Its files and settings go. Earlier versions of the site still have them."),
        is_final=True,
    ),
    Verb(
        name="upgrade",
        action="upgrade-extension",
        title=_("Another version of %(name)s"),
        button=_("Take this version"),
        words=_("Its files are replaced. Its settings stay."),
    ),
    Verb(
        name="accept",
        action="upgrade-extension",
        title=_("Accept the files of %(name)s"),
        button=_("Accept these files"),
        words=_("Somebody changed its files in the site. They run when you accept them."),
    ),
    Verb(
        name="earlier",
        action="upgrade-extension",
        title=_("Go back with %(name)s"),
        button=_("Go back to this version"),
        words=_("Its files become what they were. Its settings stay."),
    ),
    Verb(
        name="move",
        action="configure-extension",
        title=_("Move %(name)s"),
        button=_("Move it"),
        words=_("Plugins are asked in their order, and so are their proposals carried out."),
    ),
)
BY_NAME: Final = MappingProxyType({each.name: each for each in VERBS})
CONFIGURE: Final = "configure-extension"
RELEASE: Final = "enable-extension"
INSTALL: Final = "install-extension"
