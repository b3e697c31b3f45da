"""Where the pages about extensions are."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from apps.console.extending import (
    breakers,
    listing,
    one,
    reviewing,
    setting_pages,
    trial_pages,
    upload_pages,
)
from apps.console.extending.trials import SIDES
from apps.console.extending.verbs import CONFIGURE, INSTALL, RELEASE, VERBS
from apps.console.pages import View, page
from apps.extensions.finding import KINDS

ONE = "extensions/<kind:kind>/<slug:name>/"
TRIAL = "extensions/trials/<str:trial>/"
LOOKING = page(act=INSTALL)
"""Of pages that change nothing."""


class KindConverter(StringConverter):
    regex = "|".join(KINDS)


register_converter(KindConverter, "kind")


def patterns(site: Any) -> list[URLPattern]:
    guarded = site.admin_view
    return [
        path("extensions/", guarded(LOOKING(listing.extensions)), name="extensions"),
        path("extensions/themes/", guarded(LOOKING(listing.themes)), name="themes"),
        path("extensions/add/", guarded(page(act=INSTALL)(upload_pages.add)), name="extension_add"),
        *_of_trials(guarded),
        _one("", guarded(LOOKING(one.extension)), "extension"),
        _one("settings/", guarded(_acting(CONFIGURE)(setting_pages.settings_page)), "settings"),
        _one("release/", guarded(_acting(RELEASE)(breakers.release)), "release"),
        _one("restart/", guarded(_acting(RELEASE)(breakers.restart)), "restart"),
        *(_one(f"{v.name}/", guarded(_review(v.name, v.action)), v.name) for v in VERBS),
    ]


def _of_trials(guarded: Any) -> list[URLPattern]:
    sides = [
        path(
            f"{TRIAL}<int:number>/{side}/",
            guarded(LOOKING(partial(trial_pages.framed, side=side))),
            name=f"extension_{side}",
        )
        for side in SIDES
    ]
    return [
        *sides,
        path(TRIAL, guarded(LOOKING(trial_pages.trial_page)), name="extension_trial"),
        path(
            f"{TRIAL}<int:number>/",
            guarded(LOOKING(trial_pages.changed_page)),
            name="extension_changed_page",
        ),
        path(
            f"{TRIAL}assets/<path:path>",
            guarded(LOOKING(trial_pages.asset)),
            name="extension_asset",
        ),
    ]


def _one(rest: str, view: Any, name: str) -> URLPattern:
    found: URLPattern = path(f"{ONE}{rest}", view, name=f"extension_{name}" if rest else name)
    return found


def _acting(action: str) -> Callable[[View], View]:
    return page(act=action, about=reviewing.about, based=True)


def _review(verb: str, action: str) -> View:
    return _acting(action)(partial(reviewing.review, verb=verb))
