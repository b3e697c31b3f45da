"""The pages about extensions, over a real site: what is shown, tried, done, and refused."""

import gzip
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.extensions.containment.breaker import Cause
from apps.extensions.containment.changes import Change
from apps.extensions.containment.store import DatabaseStore
from tests.console.behind import STORAGE, no_sync
from tests.console.extending.rooms import Room, shown
from tests.console.stage import EVERYBODY, may
from tests.delivery.extending import GREET, METADATA, plugin, theme
from tests.extensions.packing import tarred, zipped

READING = "plugin/reading-time/"
GREETER = "plugin/greet/"
HEADER = "propose:header"


def packed(version: str = "1.0.0", *capabilities: str, body: str = GREET) -> bytes:
    files = plugin("greet", body, *(capabilities or (METADATA,)))
    named = {p.removeprefix("plugins/"): str(t).replace("1.0.0", version) for p, t in files.items()}
    return gzip.compress(tarred({path: text.encode() for path, text in named.items()}))


def sent(room: Room, content: bytes) -> Any:
    file = SimpleUploadedFile("greet.tar.gz", content)
    return room.client.post("/admin/extensions/add/", {"file": file})


def upload(room: Room, content: bytes) -> tuple[str, dict[str, str]]:
    """Where one is led to, and what the form there repeats."""
    said = sent(room, content)
    assert said.status_code == 302, shown(said)
    path, _, query = said["Location"].removeprefix("/admin/extensions/").partition("?")
    return path, dict(each.split("=") for each in query.split("&"))


def installed(room: Room, *args: Any, **options: Any) -> None:
    path, given = upload(room, packed(*args, **options))
    room.done(path, grant=[METADATA], **given)


def test_every_extension_is_listed_with_what_it_may_do(room: Room) -> None:
    page = room.get()
    assert "Reading time" in page and "number 1 of 2" in page
    assert "may add facts to pages for the theme to show" in page
    one = room.get(READING)
    assert "It comes with WhisperCMS" in one and "Turn off…" in one
    assert room.get("plugin/none/", 404) and room.get("gadget/none/", 404)


@pytest.mark.long
def test_an_act_is_shown_before_it_is_one_commit(room: Room) -> None:
    before = room.tip
    page = room.get(f"{READING}disable/")
    assert "config.toml" in page and "enabled = false" in page and room.tip == before
    page = room.done(f"{READING}disable/")
    assert "saved as" in page and "Disable plugin reading-time" in page
    assert "enabled = false" in room.file("config.toml")
    log = room.desk.git.plumb("show", "-s", "--format=%an|%B", "main").decode()
    assert log.startswith("ada|") and "Extension: plugin:reading-time" in log
    ids = [each.id for each in room.desk.site.live.current().registry.plugins]
    assert ids == ["external-links"]
    assert "There is nothing to do" in room.get(f"{READING}disable/")


@pytest.mark.long
def test_what_others_changed_meanwhile_is_not_overwritten(room: Room) -> None:
    from apps.console.bases import sealed
    from apps.gitsync.owning import extension_of

    seen = sealed(room.desk.commit, str(extension_of("plugin:external-links")))
    room.done(f"{READING}disable/")
    before = room.tip
    said = room.post("plugin/external-links/disable/", base=seen)
    assert said.status_code == 409 and "somebody else changed" in shown(said)
    assert room.tip == before


@pytest.mark.long
def test_a_trial_shows_each_page_that_would_change_and_changes_nothing(room: Room) -> None:
    before = room.tip
    trial = room.tried(f"{READING}disable/")
    page = room.get(trial)
    assert "pages would change" in page and "/posts/one/" in page
    number = next(n for n in range(20) if "/posts/one/" in room.get(f"{trial}{n}/")[:4000])
    before_page, after_page = (room.get(f"{trial}{number}/{s}/") for s in ("before", "after"))
    assert "min read" in before_page and "min read" not in after_page
    framed = room.client.get(f"{trial}{number}/after/")
    policy = framed["Content-Security-Policy"]
    assert "script-src" not in policy and "default-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy and "allow-scripts" not in policy
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert room.tip == before
    assert Room(room.desk, "bob").get(trial, 404)


@pytest.mark.long
def test_a_theme_is_looked_at_with_its_own_assets(room: Room) -> None:
    files = {path.removeprefix("themes/"): str(text) for path, text in theme("mine").items()}
    link = '<link rel="stylesheet" href="{{ asset("s.css") }}">'
    files["mine/templates/document.html"] += link
    files["mine/assets/s.css"] = "main { color: red }"
    path, given = upload(room, zipped({name: text.encode() for name, text in files.items()}))
    room.done(path, **given)
    before, live = room.tip, room.desk.site.text("/posts/one/")
    trial = room.tried("theme/mine/enable/", few="1", mount="/")
    page = room.get(trial)
    assert "of 4 pages would change" in page and 'sandbox="allow-same-origin"' in page
    number = next(n for n in range(4) if "/posts/one/" in room.get(f"{trial}{n}/")[:4000])
    (asset,) = re.findall(rf"{trial}assets/mine/\w+/s\.css", room.get(f"{trial}{number}/after/"))
    answer = room.client.get(asset)
    assert answer.content == b"main { color: red }" and "text/css" in answer["Content-Type"]
    assert room.get(asset.replace("s.css", "t.css"), 404)
    assert room.tip == before and room.desk.site.text("/posts/one/") == live
    room.done("theme/mine/enable/", mount="/")
    assert room.desk.site.text("/posts/one/") != live
    assert room.get(f"{trial}{number}/after/")


@pytest.mark.long
def test_what_is_sent_is_looked_at_consented_to_and_added(room: Room) -> None:
    path, given = upload(room, packed())
    assert path == f"{GREETER}install/" and given["enabling"]
    before = room.tip
    query = "&".join(f"{k}={v}" for k, v in given.items())
    page = room.get(f"{path}?{query}")
    assert "I agree that it may add facts to pages" in page
    assert "plugins/greet/main.lua" in page and room.tip == before
    said = room.post(path, **given)
    assert said.status_code == 400 and "Nothing has changed" in shown(said) and room.tip == before
    page = room.done(path, grant=[METADATA], **given)
    assert "It may add facts to pages" in page and "Its files are those that were accepted" in page
    assert ("grant-capability", "allow") in {(a, d) for _, a, _, d in _audit()}


@pytest.mark.long
def test_another_version_asks_only_for_what_is_new_and_can_be_taken_back(room: Room) -> None:
    installed(room)
    path, given = upload(room, packed("1.1.0", METADATA, HEADER))
    assert path == f"{GREETER}upgrade/"
    before = room.tip
    page = room.get(f"{path}?upload={given['upload']}")
    assert "Version 1.0.0 becomes 1.1.0" in page and "It asks for new:" in page
    assert "I agree that it may suggest headers" in page
    assert "I agree that it may add facts" not in page
    said = room.post(path, grant=[METADATA], **given)
    assert said.status_code == 400 and room.tip == before
    page = room.done(path, grant=[HEADER], **given)
    assert "1.1.0" in page and HEADER in room.file("extensions.lock")
    first = room.desk.git.plumb("log", "--format=%H", "main", "--", "plugins/greet").split()[-1]
    back = f"{GREETER}earlier/"
    page = room.get(f"{back}?commit={first.decode()}")
    assert "Version 1.1.0 becomes 1.0.0" in page
    room.done(back, commit=first.decode())
    assert '"1.0.0"' in room.file("plugins/greet/plugin.toml")
    assert HEADER not in room.file("extensions.lock")


@pytest.mark.long
def test_only_versions_of_the_extension_itself_are_gone_back_to(room: Room) -> None:
    installed(room)
    for commit in ("HEAD", "0" * 40, room.desk.commit):
        said = room.client.get(f"/admin/extensions/{GREETER}earlier/?commit={commit}")
        fits = commit == room.desk.commit
        assert said.status_code == (200 if fits else 409), commit


@pytest.mark.long
def test_hostile_files_are_refused_and_nothing_is_kept(room: Room) -> None:
    for content in (b"", b"no archive", zipped({"../x/plugin.toml": b""}), packed()[:-9]):
        said = sent(room, content)
        assert said.status_code == 400, content[:20]
    bad = tarred({"greet/plugin.toml": b'id = "greet"\n', "greet/main.lua": b"this is no Lua"})
    path, given = upload(room, bad)
    page = room.get(f"{path}?upload={given['upload']}", 409)
    assert "manifest.missing" in page or "manifest." in page
    assert room.tip is None


@pytest.mark.long
def test_settings_are_saved_as_typed_values_and_refused_by_field(room: Room) -> None:
    page = room.get(f"{READING}settings/")
    assert "Words per minute" in page and "Usually: 220" in page
    said = room.post(f"{READING}settings/", **{"p0-words_per_minute": "0"})
    assert said.status_code == 400 and "Nothing was saved" in shown(said) and room.tip is None
    said = room.post(f"{READING}settings/", look="1", **{"p0-words_per_minute": "100"})
    assert "words_per_minute = 100" in shown(said) and room.tip is None
    room.done(f"{READING}settings/", **{"p0-words_per_minute": "100"})
    assert "words_per_minute = 100" in room.file("config.toml")
    room.done(f"{READING}settings/", **{"p0-words_per_minute": "220"})
    assert "words_per_minute" not in room.file("config.toml")


@pytest.mark.long
def test_the_order_is_changed_and_an_extension_of_the_site_removed(room: Room) -> None:
    room.done(f"{READING}move/", by="down")
    plugins = room.desk.site.live.current().registry.plugins
    assert [each.id for each in plugins] == ["external-links", "reading-time"]
    installed(room)
    page = room.done(f"{GREETER}uninstall/")
    assert "Uninstall plugin greet" in page and "extensions" in page
    assert room.get(GREETER, 404)


@pytest.mark.long
def test_a_quarantine_shows_its_cause_and_a_person_ends_it(room: Room) -> None:
    store = DatabaseStore(settings.SITE_KEY)
    store.carry_out("plugin:reading-time", (Change(1.0, Cause.ATTACK, "died by SIGSYS"),))
    assert "is left out at the moment" in room.get()
    page = room.get(READING)
    assert "In quarantine" in page and "died by SIGSYS" in page
    page = room.done(f"{READING}release/")
    assert "may run again" in page and store.read()["plugin:reading-time"].state == "closed"
    assert "starts anew" in room.done(f"{READING}restart/")


@pytest.mark.long
def test_who_may_look_only_can_do_nothing(room: Room) -> None:
    room.desk.govern(may("principal", "preview"))
    page = room.get(READING)
    assert "Turn off…" not in page and "Settings" not in page
    assert "You may look at this, and not do it" in room.get(f"{READING}disable/")
    for act in ("disable", "settings", "release", "restart", "move", "uninstall", "upgrade"):
        assert room.post(f"{READING}{act}/").status_code == 403, act
    assert sent(room, packed()).status_code == 403
    assert room.tip is None


@pytest.mark.long
def test_who_may_install_and_not_grant_adds_nothing_that_asks_for_something(room: Room) -> None:
    forbid = '@id("no") forbid (principal, action == Action::"grant-capability", resource);'
    room.desk.govern(EVERYBODY, forbid)
    path, given = upload(room, packed())
    said = room.post(path, grant=[METADATA], **given)
    assert said.status_code == 403 and room.tip is None


def _audit() -> list[tuple[str, str, str, str]]:
    from apps.policy.models import AuditEvent

    rows = AuditEvent.objects.filter(site=settings.SITE_KEY)
    return list(rows.values_list("principal", "action", "resource", "decision"))


@pytest.mark.long
def test_an_act_that_is_not_served_yet_is_told_as_such(room: Room) -> None:
    with no_sync(room.desk.site.source):
        page = room.done(f"{READING}disable/")
    assert "saved as" in page and STORAGE in page and "enabled = false" in room.file("config.toml")
    ids = [each.id for each in room.desk.site.live.current().registry.plugins]
    assert "reading-time" in ids
