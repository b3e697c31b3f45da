"""Content types from configuration to pages, through a sync."""

from apps.content.configuration import read_configuration
from apps.content.types import form
from tests.sites import CONFIG, Site, SiteRepository

TYPES = """
[whispercms.types.event]
section = ["events"]
fields.start = { type = "date", required = true, help = "When it begins" }
fields.seats = { type = "integer", minimum = 1, default = 20 }
fields.kind = { type = "choice", choices = ["talk", "walk"] }

[whispercms.types.person]
folder = ["content/people/*"]
fields.born = { type = "date" }
"""
STRICT = TYPES.replace("[whispercms.types.event]", "[whispercms.types.event]\nstrict = true")
GOOD = "---\ntitle: Good\nstart: 2026-05-01\nkind: talk\n---\n"
BAD = "---\ntitle: Bad\nseats: 0\nkind: swim\n---\n"


def told(site: Site) -> list[tuple[str, int, str]]:
    return [(p.path, p.line, p.code) for p in site.sync().problems]


def test_what_does_not_fit_its_type_is_told_with_its_line(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit(
        {
            "config.toml": CONFIG + TYPES,
            "content/events/good.md": GOOD,
            "content/events/bad.md": BAD,
            "content/events/_index.md": "---\ntitle: Events\n---\n",
            "content/people/ada/life.md": "---\ntitle: Ada\nborn: long ago\n---\n",
            "content/people/list.md": "---\ntitle: List\nborn: long ago\n---\n",
            "content/other.md": "---\ntitle: Other\ntype: evnt\n---\n",
            "content/named.md": "---\ntitle: Named\ntype: event\nstart: 2026-01-01\n---\n",
        }
    )
    assert told(site) == [
        ("content/events/bad.md", 1, "type.required"),
        ("content/events/bad.md", 3, "type.value"),
        ("content/events/bad.md", 4, "type.choice"),
        ("content/other.md", 3, "type.unknown-type"),
        ("content/people/ada/life.md", 3, "type.value"),
    ]
    assert site.get("/events/bad/").status == 200
    observing = site.live.current().observing
    with observing.index.snapshot(lambda *_: None) as reader:
        good = reader.document("/events/good/", "")
    assert good and good.type == "event" and good.front["seats"] == 20


def test_a_strict_type_refuses_the_commit_and_only_for_what_is_of_it(
    repository: SiteRepository, site: Site
) -> None:
    person = "---\ntitle: Ada\nborn: long ago\n---\n"
    files = {"config.toml": CONFIG + STRICT, "content/events/good.md": GOOD}
    repository.commit({**files, "content/people/ada/life.md": person})
    assert site.sync().state == "applied"
    repository.commit({"content/events/bad.md": BAD})
    report = site.sync()
    assert report.state == "refused"
    assert [p.code for p in report.problems] == ["type.required", "type.value", "type.choice"]
    assert site.get("/events/bad/").status == 404 and site.get("/events/good/").status == 200
    repository.commit({"content/events/bad.md": GOOD})
    assert site.sync().state == "applied"


def test_another_type_is_held_against_every_document(
    repository: SiteRepository, site: Site
) -> None:
    repository.commit({"config.toml": CONFIG, "content/events/bad.md": BAD})
    assert told(site) == []
    repository.commit({"config.toml": CONFIG + TYPES})
    assert len(told(site)) == 3
    repository.commit({"config.toml": CONFIG})
    assert told(site) == []


def test_a_type_that_nothing_fits_refuses_the_commit(
    repository: SiteRepository, site: Site
) -> None:
    lines = (
        'fields.a = { pattern = "(" }',
        'fields.a = { type = "choice" }',
        'fields.a = { type = "integer", default = "x" }',
        'fields.a = { type = "colour" }',
        "fields.a = { minimum = 2, maximum = 1 }",
        'section = "events"',
    )
    repository.commit({"config.toml": CONFIG, "content/a.md": "a\n"})
    assert site.sync().state == "applied"
    for line in lines:
        repository.commit({"config.toml": f"{CONFIG}\n[whispercms.types.event]\n{line}\n"})
        report = site.sync(dry_run=True)
        assert {p.code for p in report.problems} == {"config.value"}, line
        assert all(p.line >= 4 for p in report.problems)


def test_a_console_has_a_form_of_it() -> None:
    types = read_configuration(CONFIG + TYPES, frozenset({"config.toml", "content"})).types
    fields = form(next(each for each in types if each.name == "event"))
    assert [(f.name, f.label, f.control, f.required) for f in fields] == [
        ("start", "Start", "day", True),
        ("seats", "Seats", "number", False),
        ("kind", "Kind", "choice", False),
    ]
    assert fields[0].help == "When it begins" and fields[1].default == 20
    assert fields[2].choices == ("talk", "walk")
