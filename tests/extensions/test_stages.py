"""From lists to what runs: every defect of every extension is told at once, with its place."""

from collections.abc import Mapping

from apps.content.configuration import read_configuration
from apps.extensions.settling import Settled, settled
from apps.extensions.stages import Draft, everything, staged
from tests.delivery.extending import GREET, METADATA, Files, config, lock, plugin, theme
from tests.sites import ROOT


def draft(files: Mapping[str, str | bytes | None], *, pinned: bool = False) -> Draft:
    kept = {p: c.encode() if isinstance(c, str) else c or b"" for p, c in files.items()}
    configuration = read_configuration(kept["config.toml"].decode(), frozenset({"content"}))
    return Draft(configuration=configuration, kept=kept, bundled=ROOT, pinned=pinned)


def told(files: Mapping[str, str | bytes | None]) -> list[tuple[str, int, str]]:
    found = staged(draft(files)).all_problems()
    return [(each.path, each.line, each.code) for each in found]


def settle(files: Files, *, pinned: bool) -> Settled:
    made = draft(files)
    return settled(made.configuration, made.kept, ROOT, pinned=pinned)


def test_the_defects_of_all_stages_are_told_together() -> None:
    bad = plugin("bad", "")
    bad["plugins/bad/plugin.toml"] = (
        'id = "other"\nversion = "x"\nrequires = "1"\nsubscribes = ["no.such"]\n'
        'capabilities = ["read:everything"]\nunknown = 1\n'
    )
    alone = plugin("alone", "")
    alone["plugins/alone/plugin.toml"] = 'needs = { "plugin:gone" = ">=1" }\n' + str(
        alone["plugins/alone/plugin.toml"]
    )
    top = config("bad", "alone", "missing", "alone", themes={"/": "plain", "/admin/": "feed"})
    found = told({"config.toml": top, **bad, **alone, "extensions.lock": "[plugins.x]\ny = 1\n"})
    codes = [code for _, _, code in found]
    assert [code for code in codes if code.startswith("manifest.")] == [
        "manifest.id",
        "manifest.value-error",
        "manifest.value-error",
        "manifest.value-error",
        "manifest.value-error",
        "manifest.extra-forbidden",
    ]
    others = {"config.twice", "config.reserved", "extension.missing", "link.missing", "lock.value"}
    assert others <= set(codes)
    assert all(path and line for path, line, _ in found)


def test_what_is_not_enabled_has_no_defects() -> None:
    top = config("greet") + "enabled = false\nsettings = { nosuch = 1 }\n"
    broken: Files = {"config.toml": top, "plugins/greet/plugin.toml": "id = 1\n"}
    assert told(broken) == []
    assert settle(broken, pinned=True).plugins == ()


def test_bytes_that_are_not_pinned_run_in_development_alone() -> None:
    files: Files = {"config.toml": config("greet"), **plugin("greet", GREET, METADATA)}
    files |= lock(greet=(METADATA,))
    strict, lenient = settle(files, pinned=True), settle(files, pinned=False)
    assert [each.code for each in strict.problems] == ["lock.unpinned"]
    assert strict.plugins == ()
    assert [each.code for each in lenient.warnings] == ["lock.unpinned"]
    assert len(lenient.plugins) == 1


def test_bytes_that_differ_from_their_pin_never_run() -> None:
    files: Files = {"config.toml": config("greet"), **plugin("greet", "")}
    files["extensions.lock"] = f'[plugins.greet]\ndigest = "sha256:{"0" * 64}"\n'
    for pinned in (True, False):
        found = settle(files, pinned=pinned)
        (problem,) = found.problems
        assert found.plugins == () and problem.code == "lock.digest"
        assert problem.path == "plugins/greet" and f"expected sha256:{'0' * 64}" in problem.reason
        assert "found sha256:" in problem.reason
        assert "manage.py extension upgrade plugin:greet" in problem.reason


def test_while_the_lock_cannot_be_read_nothing_runs_and_it_alone_is_told() -> None:
    files: Files = {"config.toml": config("greet", "reading-time")}
    files |= plugin("greet", GREET, METADATA)
    for pinned in (True, False):
        found = settle({**files, "extensions.lock": "[plugins.greet]\nx = 1\n"}, pinned=pinned)
        assert [each.code for each in found.problems] == ["lock.value"]
        assert (found.themes, found.plugins, found.warnings) == ((), (), ())


def test_bundled_extensions_need_no_pin() -> None:
    assert settle({"config.toml": config()}, pinned=True).problems == ()


def test_people_are_shown_what_is_off_and_what_is_not_listed() -> None:
    files: Files = {"config.toml": config("one") + "enabled = false\n"}
    files |= {**plugin("one", ""), **plugin("two", ""), **theme("own")}
    found = {(e.kind, e.choice.id): e.choice.enabled for e in everything(draft(files))}
    assert found == {
        ("theme", "plain"): True,
        ("plugin", "one"): False,
        ("plugin", "two"): False,
        ("theme", "own"): False,
    }
    more = everything(draft(files), [("plugin", "one"), ("theme", "feed"), ("theme", "feed")])
    assert [(each.kind, each.choice.id) for each in more] == [*found, ("theme", "feed")]


def test_the_digest_of_a_version_changes_with_whatever_decides_what_runs() -> None:
    def digest(top: str, body: str = "") -> str:
        return settle({"config.toml": top, **plugin("one", body)}, pinned=False).digest

    base = digest(config("one"))
    assert base == digest(config("one") + "\n# a remark\n")
    others = {
        digest(config()),
        digest(config("one"), "return"),
        digest(config("one", themes={"/": "plain", "/x/": "feed"})),
        digest(config("one", group="g")),
        digest(config("one", "reading-time")),
        digest(config("reading-time", "one")),
    }
    assert len(others | {base}) == 7
