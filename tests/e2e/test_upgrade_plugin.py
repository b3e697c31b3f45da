"""Another version of a plugin asks for more: nothing happens before the owner agrees to it."""

import io
import zipfile
from pathlib import Path

from tests.delivery.extending import GREET, METADATA, plugin
from tests.e2e.browsing import Browser
from tests.e2e.extending import seen

PLUGIN = "/admin/extensions/plugin/greet/"
MORE = 'propose.header("x-greeting", "hello")'


def packed(folder: Path, version: str, body: str, *capabilities: str) -> str:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in plugin("greet", body, *capabilities).items():
            named = path.removeprefix("plugins/")
            archive.writestr(named, str(text).replace("1.0.0", version))
    place = folder / f"greet-{version}.zip"
    place.write_bytes(content.getvalue())
    return str(place)


def sent(ada: Browser, file: str) -> None:
    ada.goto("/admin/extensions/add/")
    ada.page.set_input_files("input[type=file]", file)
    ada.page.get_by_role("button", name="Look at it").click()


def test_a_version_that_asks_for_more_is_agreed_to_and_taken_back(
    ada: Browser, tmp_path: Path
) -> None:
    sent(ada, packed(tmp_path, "1.0.0", GREET, METADATA))
    seen(ada, "extension-install")
    ada.page.get_by_label("add facts to pages").check()
    ada.page.get_by_role("button", name="Add it").click()
    ada.page.wait_for_url(f"**{PLUGIN}")
    assert "1.0.0" in ada.text() and "It may add facts to pages" in ada.text()

    sent(ada, packed(tmp_path, "1.1.0", f"{GREET}\n{MORE}", METADATA, "propose:header"))
    told = ada.text()
    assert "Version 1.0.0 becomes 1.1.0" in told and "It asks for new" in told
    assert "suggest headers of responses" in told and "agree that it may add facts" not in told
    seen(ada, "extension-upgrade")
    ada.page.get_by_role("button", name="Take this version").click()
    assert ada.page.url.split("?")[0].endswith("/upgrade/"), "the browser asks for the tick"
    ada.page.get_by_label("suggest headers").check()
    ada.page.get_by_role("button", name="Take this version").click()
    ada.page.wait_for_url(f"**{PLUGIN}")
    assert "1.1.0" in ada.text() and "suggest headers" in ada.text()

    ada.page.get_by_role("link", name="Go back to it").first.click()
    assert "Version 1.1.0 becomes 1.0.0" in ada.text()
    ada.page.get_by_role("button", name="Go back to this version").click()
    ada.page.wait_for_url(f"**{PLUGIN}")
    assert "1.0.0" in ada.text() and "It may suggest headers" not in ada.text()
    seen(ada, "extension-own")
    assert ada.complaints == []
