"""What a page shows is a fact of the index that can be asked again, or it makes another version of
the site. A third thing would be old in the cache one day."""

from dataclasses import fields, replace
from typing import Any

import pytest

from apps.delivery.context import SiteContext
from apps.delivery.observation import Observing
from apps.delivery.pictures import Pictures
from apps.delivery.served import Served
from tests.delivery.extending import PAGES, config
from tests.sites import Site, SiteRepository

SERVED = {
    "commit": "of which the index is asked",
    "modified": "renewed in what is kept",
    "branch": "not shown",
    "configuration": "read when it is served; what of it is shown is in `context`",
    "registry": "in made_by",
    "routes": "of the registry",
    "context": "in made_by",
    "until": "when it is served no more",
    "observing": "below",
    "files": "named by blobs",
    "renditions": "named by what they were made from",
    "containment": "what it keeps out makes a response that is not kept",
    "token": "another one each time",
    "made_by": "the digest itself",
}
OBSERVING = {
    "index": "asked again",
    "commit": "of which the index is asked",
    "now": "as of which the index is asked",
    "routes": "of the registry",
    "renderer": "in made_by",
    "root": "in made_by",
    "pictures": "below",
    "headers": "in made_by",
    "language": "in the values of the site",
}
PICTURES = {
    "registry": "in made_by",
    "library": "in made_by",
    "root": "in made_by",
    "base_url": "in the values of the site",
    "focus": "in made_by",
}


@pytest.fixture
def served(repository: SiteRepository, site: Site) -> Served:
    repository.commit({**PAGES, "config.toml": config()})
    site.sync()
    return site.live.current()


@pytest.mark.parametrize(
    ("what", "known"), [(Served, SERVED), (Observing, OBSERVING), (Pictures, PICTURES)]
)
def test_of_all_that_pages_are_made_from_it_is_known_how_it_is_followed(
    what: Any, known: dict[str, str]
) -> None:
    assert {field.name for field in fields(what)} == known.keys()


@pytest.mark.parametrize("name", [field.name for field in fields(SiteContext)])
def test_whatever_is_the_same_on_every_page_makes_another_version(
    served: Served, name: str
) -> None:
    context = replace(served.context, **{name: {"title": "Another"}})  # type: ignore[arg-type]
    assert replace(served, context=context).made_by != served.made_by


@pytest.mark.parametrize(
    ("name", "other"), [("root", "elsewhere/"), ("headers", ("accept-language",))]
)
def test_how_pages_are_read_makes_another_version(served: Served, name: str, other: object) -> None:
    observing = replace(served.observing, **{name: other})  # type: ignore[arg-type]
    assert replace(served, observing=observing).made_by != served.made_by


@pytest.mark.parametrize(("name", "other"), [("library", ("2",)), ("focus", {"a.png": (0, 1)})])
def test_how_pictures_are_made_makes_another_version(
    served: Served, name: str, other: object
) -> None:
    pictures = replace(served.observing.pictures, **{name: other})  # type: ignore[arg-type]
    observing = replace(served.observing, pictures=pictures)
    assert replace(served, observing=observing).made_by != served.made_by


def test_other_extensions_make_another_version_and_a_moment_alone_none(served: Served) -> None:
    registry = replace(served.registry, digest="another")
    assert replace(served, registry=registry).made_by != served.made_by
    assert replace(served, until=0.0, modified=1, token=object()).made_by == served.made_by
