"""The documentation says what the code does."""

import re
from pathlib import Path

from django.core.management import get_commands, load_command_class

from apps.gitsync.merging.contests import Kind
from apps.gitsync.report import SyncReport
from apps.runtime.confinement import LAYERS
from tests import docs
from tests.tables import each_of
from whispercms import instance, web_settings

SOURCES = [*docs.ROOT.glob("apps/**/*.py"), *docs.ROOT.glob("whispercms/**/*.py")]
SOURCE = {path: path.read_text(encoding="utf-8") for path in sorted(SOURCES)}
EVERYTHING = {path: path.read_text(encoding="utf-8") for path in docs.FILES}
PROBLEM = re.compile(
    r"[\"']((?:asset|backup|branch|bulk|commit|config|conflict|document|edit|environment|extension|front-matter|git|history|image|link|lock|media|node|manifest|markup|merge|path"
    r"|plugin|policy|push|ref|release|remote|sandbox|signature|signing|site|template|theme|redirect|type|upload)\.[a-z-]+)[\"']"
)
FILE_NAME = re.compile(r"\.(?:toml|lock|html|lua|md|json|ya?ml)$")
OPEN_CODES = {"manifest.<rule>", "git.<command>"}
AVOIDED = "manager service handler helper utils processor data core engine common"


def test_the_settings_are_those_of_the_instance() -> None:
    rows = docs.table("operations.md", "Settings")
    assert {row[0].strip("`") for row in rows} == instance.FILE_KEYS
    for key, variable, *_ in ([cell.strip("`") for cell in row] for row in rows):
        assert variable == ("PORT" if key == "port" else f"WHISPERCMS_{key.upper()}")


def test_the_defaults_of_settings_are_told(tmp_path: Path) -> None:
    environ = {"WHISPERCMS_STATE": str(tmp_path)}
    plain = instance.load(environ, development=False)
    developing = instance.load(environ, development=True)
    for key, _, default, _ in docs.table("operations.md", "Settings"):
        name = key.strip("`")
        homes = [each.web if name in web_settings.KEYS else each for each in (plain, developing)]
        values = [getattr(each, name) for each in homes]
        assert default.startswith(_told(values)), key


def _told(values: list[object]) -> str:
    first, second = values
    if isinstance(first, bool):
        return f"{str(first).lower()}; {str(second).lower()} in development"
    if isinstance(first, tuple):
        return ", ".join(f"`{name}`" for name in first) or "none: "
    if first is None:
        return "none: "
    if first != second:
        return f"`{first}`; `{second}` in development"
    if isinstance(first, str):
        return "made on first start" if len(first) >= instance.SECRET_LENGTH else f"`{first}`"
    return str(first)


@each_of("path", docs.FILES)
def test_every_variable_is_read_somewhere(path: Path) -> None:
    known = {f"WHISPERCMS_{key.upper()}" for key in instance.FILE_KEYS}
    known |= {"WHISPERCMS_STATE", "WHISPERCMS_SETTINGS"}
    for name in set(re.findall(r"WHISPERCMS_[A-Z_]+", EVERYTHING[path])) - known:
        assert any(f'"{name}"' in source for source in SOURCE.values()), name


@each_of("path", docs.FILES)
def test_every_command_exists(path: Path) -> None:
    text = EVERYTHING[path]
    makefile = (docs.ROOT / "Makefile").read_text()
    for name in re.findall(r"manage\.py ([a-z]+)", text):
        assert name in get_commands(), name
    for name in re.findall(r"(?:`|^|\S )make ([a-z-]+)(?:`|$)", text, re.M):
        assert re.search(rf"^{name}:", makefile, re.M), name


def test_the_options_of_syncrepo_are_told() -> None:
    told = docs.first_codes(docs.table("operations.md", "Sync"))
    parser = load_command_class("apps.gitsync", "syncrepo").create_parser("manage.py", "syncrepo")
    assert set(told) == {"--rebuild", "--accept-rewritten", "--dry-run", "--json"}
    assert {option for action in parser._actions for option in action.option_strings} >= set(told)


def test_the_report_of_a_sync_is_told() -> None:
    rows = docs.table("operations.md", "Sync", 2)
    report = SyncReport(state="", branch="", old=None, new=None).as_json()
    assert set(docs.first_codes(rows)) == report.keys()
    stages = {s for text in SOURCE.values() for s in re.findall(r'\.stage\("([a-z]+)"\)', text)}
    told = next(row[1] for row in rows if row[0] == "`seconds`")
    assert set(told.removeprefix("by stage: ").split(", ")) == stages


@each_of("path", docs.FILES)
def test_every_module_exists(path: Path) -> None:
    for dotted in re.findall(r"`((?:apps|whispercms)\.[A-Za-z_.]+)`", EVERYTHING[path]):
        docs.resolve(dotted)


def test_the_modules_of_the_map_exist() -> None:
    folders = {"servers", "commands", "management"}
    for app, _, modules in docs.table("architecture.md", "The apps and the one-way rule"):
        folder = docs.ROOT / app.strip("`").replace(".", "/")
        for name in set(docs.codes(modules)) - folders:
            found = [*folder.rglob(f"{name}.py"), *folder.rglob(f"{name}/__init__.py")]
            assert found, f"{app} {name}"


def topics() -> set[str]:
    return set(docs.first_codes(docs.table("architecture.md", "Events")))


def test_every_code_of_a_problem_is_told_and_every_one_told_exists() -> None:
    used = {code for text in SOURCE.values() for code in PROBLEM.findall(text)}
    used = {code for code in used if not FILE_NAME.search(code)} - topics() | {"manifest.toml"}
    told = docs.first_codes(docs.table("sites.md", "Problems"))
    told += docs.first_codes(docs.table("operations.md", "Sync", 3))
    told += docs.first_codes(docs.table("releases.md", "Codes"))
    told += docs.first_codes(docs.table("writing.md", "Codes"))
    told += docs.first_codes(docs.table("operations.md", "Backup and restore", 2))
    told += docs.first_codes(docs.table("merging.md", "Faults"))
    told += docs.first_codes(docs.table("policy.md", "How policies are proven"))
    assert len(told) == len(set(told))
    assert set(told) - OPEN_CODES == used


def test_the_kinds_of_conflicts_are_told() -> None:
    assert docs.first_codes(docs.table("merging.md", "Conflicts")) == list(Kind)


def test_every_problem_has_an_effect_and_a_remedy() -> None:
    for code, effect, words in docs.table("sites.md", "Problems"):
        assert effect in {"refused", "left out", "told"}, code
        assert len(words.split()) > 3, code


def test_the_bounds_are_the_constants() -> None:
    for name, value, _ in docs.table("operations.md", "Limits"):
        assert docs.number(value) == docs.resolve(name.strip("`")), name


def test_the_layers_of_the_sandbox_are_told_in_their_order() -> None:
    assert docs.first_codes(docs.table("operations.md", "The sandbox")) == list(LAYERS)


def test_the_folders_of_the_readme_exist_and_none_is_missing() -> None:
    rows = docs.tables(docs.part(EVERYTHING[docs.ROOT / "README.md"], "The folders"))[0]
    told = docs.first_codes(rows)
    assert all((docs.ROOT / name).is_dir() for name in told)
    passing = {"build", "node_modules"}
    there = {
        path.name
        for path in docs.ROOT.iterdir()
        if path.is_dir() and path.name[0] not in "._" and path.name not in passing
    }
    assert {name.partition("/")[0] for name in told} == there
    apps = {f"apps/{path.name}" for path in (docs.ROOT / "apps").iterdir() if path.is_dir()}
    assert {name for name in told if "/" in name} == apps - {"apps/__pycache__"}


@each_of("path", docs.FILES)
def test_links_lead_to_files_and_headings(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", docs.FENCE.sub("", EVERYTHING[path])):
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.is_file(), target
        headings = [found[1] for found in docs.HEADING.findall(file.read_text())]
        anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
        assert not anchor or anchor in anchors, target


def test_no_module_bears_a_word_that_is_avoided() -> None:
    words = set(AVOIDED.split())
    assert words <= set(
        re.findall(r"[a-z]+", docs.part(docs.read("glossary.md"), "Words we avoid"))
    )
    for path in SOURCE:
        parts = {part.removesuffix("s") for part in path.stem.split("_")} | set(
            path.stem.split("_")
        )
        assert not parts & words, path


def test_the_readme_says_how_to_test() -> None:
    assert "make test" in docs.part(EVERYTHING[docs.ROOT / "README.md"], "Tests")
