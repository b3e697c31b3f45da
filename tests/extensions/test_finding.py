"""Where an extension's files are looked for, and where they are not."""

import pytest

from apps.extensions.finding import BUNDLED, SITE, find
from tests.sites import ROOT

KEPT = {"plugins/toc/plugin.toml": b"", "plugins/toc/deep/plugin.toml": b"", "plugins//x": b""}


def test_the_sites_own_comes_before_what_comes_with_the_product() -> None:
    own = find("plugin", "toc", KEPT, ROOT)
    assert own and own.origin == SITE and sorted(own.files) == ["deep/plugin.toml", "plugin.toml"]
    bundled = find("plugin", "reading-time", KEPT, ROOT)
    assert bundled and bundled.origin == BUNDLED and "main.lua" in bundled.files
    assert find("theme", "reading-time", KEPT, ROOT) is None


@pytest.mark.parametrize("name", ["", ".", "..", "../docs", "toc/deep", "reading-time/tests", "/"])
def test_nothing_is_read_for_what_is_no_name(name: str) -> None:
    assert find("plugin", name, KEPT, ROOT) is None
