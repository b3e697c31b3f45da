"""An author is told all at once what loading would say, wherever it is wrong."""

from pathlib import Path

import pytest

from apps.extensions import limits
from apps.extensions.finding import Kind
from apps.extensions.workshop.checking import check_folder
from apps.extensions.workshop.remedies import OTHERS, REMEDIES, remedy
from apps.runtime.workers import Workers
from tests import docs
from tests.extensions.workshop.stage import add, edit, made

Told = list[tuple[str, int, str]]


def told(folder: Path, workers: Workers) -> Told:
    return [(p.path, p.line, p.code) for p in check_folder(folder, workers)]


@pytest.mark.parametrize("kind", ["plugin", "theme"])
def test_nothing_is_wrong_with_what_was_begun(tmp_path: Path, kind: Kind, workers: Workers) -> None:
    assert check_folder(made(tmp_path, kind), workers) == []


def test_manifest_program_and_cases_of_a_plugin_are_told_together(
    tmp_path: Path, workers: Workers
) -> None:
    folder = made(tmp_path)
    edit(folder, "plugin.toml", 'requires = ">=1.0,<2"', 'requires = "about 1"\ncolour = "red"')
    edit(folder, "plugin.toml", 'version = "1.0.0"', "version = 1")
    edit(folder, "plugin.toml", '"propose:metadata"', '"write:files"')
    add(folder, "main.lua", 'os.remove("x")\n')
    add(folder, "tests/cases.toml", "[[case]]\nname = 1\n")
    (folder / "link").symlink_to("/etc/passwd")
    manifest = "plugins/tried/plugin.toml"
    assert told(folder, workers) == [
        ("plugins/tried/link", 0, "path.link"),
        ("plugins/tried/main.lua", 11, "plugin.error"),
        (manifest, 3, "manifest.value-error"),
        (manifest, 4, "manifest.value-error"),
        (manifest, 5, "manifest.extra-forbidden"),
        (manifest, 13, "manifest.value-error"),
        ("plugins/tried/tests/cases.toml", 18, "case.value"),
    ]


def test_a_program_finds_its_settings_though_the_manifest_is_wrong(
    tmp_path: Path, workers: Workers
) -> None:
    folder = made(tmp_path)
    edit(folder, "plugin.toml", 'id = "tried"', 'id = "other"')
    add(folder, "main.lua", "local twice = settings.words * 2\n")
    assert [code for _, _, code in told(folder, workers)] == ["manifest.id"]


def test_manifest_and_templates_of_a_theme_are_told_together(
    tmp_path: Path, workers: Workers
) -> None:
    folder = made(tmp_path, "theme")
    edit(folder, "theme.toml", 'name = "home"', 'name = "page"')
    edit(folder, "theme.toml", 'query = { tags = "{term}"', 'query = { tags = "{tag}"')
    add(folder, "theme.toml", '[[routes]]\nname = "again"\npath = "/tags/{name}/"\n')
    add(
        folder,
        "theme.toml",
        'template = "list.html"\nquery = { tags = "{tag}", order = "title" }\n',
    )
    add(folder, "templates/page.html", "{% if %}\n")
    add(folder, "templates/list.html", '{{ asset("none.css") }}\n')
    (folder / "assets" / "large.bin").write_bytes(b"x" * (limits.FILE_BYTES + 1))
    found = told(folder, workers)
    assert [(path.removeprefix("themes/tried/"), code) for path, _, code in found] == [
        ("assets/large.bin", "document.too-large"),
        ("templates/list.html", "template.error"),
        ("templates/page.html", "template.error"),
        ("theme.toml", "manifest.route"),
        ("theme.toml", "manifest.route"),
        ("theme.toml", "manifest.route"),
        ("theme.toml", "manifest.route"),
    ]
    assert all(line for path, line, _ in found if "large" not in path)


def test_a_route_names_a_template_that_there_is(tmp_path: Path, workers: Workers) -> None:
    folder = made(tmp_path, "theme")
    edit(folder, "theme.toml", 'template = "page.html"', 'template = "pages.html"')
    edit(folder, "theme.toml", 'requires = ">=1.0,<2"', 'requires = ">=2"')
    assert told(folder, workers) == [
        ("themes/tried/theme.toml", 4, "manifest.requires"),
        ("themes/tried/theme.toml", 23, "manifest.template"),
    ]


@pytest.mark.parametrize(
    "text", ["load('x')", "global x", "x = 1", "string.dump(on)", "while true do end", "return ["]
)
def test_what_the_sandbox_does_not_let_through_has_its_line(
    tmp_path: Path, workers: Workers, text: str
) -> None:
    folder = made(tmp_path)
    add(folder, "main.lua", text)
    ((path, line, code),) = told(folder, workers)
    assert (path, code) == ("plugins/tried/main.lua", "plugin.error")
    assert line == 11


@pytest.mark.parametrize("content", [b"\xff", b"", b"id = [", b"a" * (limits.MANIFEST_BYTES + 1)])
def test_a_manifest_of_any_bytes_is_told(tmp_path: Path, workers: Workers, content: bytes) -> None:
    folder = made(tmp_path)
    (folder / "plugin.toml").write_bytes(content)
    assert {path for path, _, _ in told(folder, workers)} == {"plugins/tried/plugin.toml"}


def test_a_capability_that_is_named_twice_keeps_nothing_else_from_being_told(
    tmp_path: Path, workers: Workers
) -> None:
    folder = made(tmp_path)
    twice = '"read:content.text", "read:content.text", "write:files"'
    edit(folder, "plugin.toml", '"read:content.text"', twice)
    add(folder, "main.lua", "x = 1\n")
    codes = [code for _, _, code in told(folder, workers)]
    assert codes == ["plugin.error", "manifest.value-error"]


def test_a_plugin_has_a_program(tmp_path: Path, workers: Workers) -> None:
    folder = made(tmp_path)
    (folder / "main.lua").rename(folder / "Main.lua")
    assert told(folder, workers) == [("plugins/tried/main.lua", 0, "plugin.missing")]


def test_every_remedy_is_of_a_code_that_there_is() -> None:
    known = set(docs.first_codes(docs.table("sites.md", "Problems")))
    own = {code for code in REMEDIES if code.startswith(("case.", "folder."))}
    rules = {"manifest.missing", "manifest.extra-forbidden"}
    assert set(REMEDIES) - own - rules <= known
    assert remedy("manifest.value-error") == OTHERS
