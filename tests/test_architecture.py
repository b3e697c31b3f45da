"""The shape of the source: small files, a reason for each, dangerous things in one place."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES, FUNCTION_LINES, PARAMETERS = 300, 40, 5
DOCSTRING_LINES = 3
ONE_MODULE = {
    "brotli": "apps/delivery/http/coders.py",
    "cedarpy": "apps/policy/cedar.py",
    "comrak": "apps/content/dialects.py",
    "cryptography": "apps/policy/secrets/ciphers.py",
    "git": "apps/gitsync/git/program.py",
    "limits": "apps/runtime/rates.py",
    "lupa": "apps/extensions/sandbox/lua_vm.py",
    "markdown": "apps/content/dialects.py",
    "minijinja": "apps/extensions/sandbox/template_worker.py",
    "nh3": "apps/content/sanitise.py",
    "prometheus_client": "whispercms/metrics/exposition.py",
    "pyrage": "apps/policy/secrets/age.py",
    "ruamel": "apps/content/edits/roundtrip.py",
    "tomlkit": "apps/content/edits/roundtrip.py",
    "turbohtml": "apps/content/html.py",
}
PROCESSES = {"multiprocessing", "pty", "subprocess"}
STARTERS = {"fork", "forkpty", "popen", "posix_spawn", "posix_spawnp", "system"}
STARTERS |= {f"{kind}{form}" for kind in ("exec", "spawn") for form in ("l", "le", "lp", "v", "ve")}


def modules() -> list[Path]:
    found = [*ROOT.glob("apps/**/*.py"), *ROOT.glob("whispercms/**/*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def scripts() -> list[Path]:
    return sorted(ROOT.glob("apps/**/*.lua"))


MODULES = [path for path in modules() if path.stat().st_size]


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    line: int
    lines: int
    positional: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is asked of a module. Its tree is not kept: all of them are half a million objects."""

    docstring: str
    functions: tuple[Function, ...]
    imported: frozenset[str]
    """The first part of every name that is imported from outside of the package."""
    of_os: frozenset[str]


@cache
def shape(path: Path) -> Shape:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions, imported, of_os = [], set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions.append(function(node))
        elif isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            imported.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "os":
            of_os.add(node.attr)
    docstring = ast.get_docstring(tree) or ""
    return Shape(docstring, tuple(functions), frozenset(imported), frozenset(of_os))


def function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    given = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    return Function(
        name=node.name,
        line=node.lineno,
        lines=(node.end_lineno or 0) - node.lineno + 1,
        positional=tuple(each for each in given if each not in ("self", "cls")),
    )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_are_small_enough_to_be_read_at_once() -> None:
    texts = {name(path): path.read_text(encoding="utf-8") for path in (*MODULES, *scripts())}
    assert [each for each, text in texts.items() if len(text.splitlines()) > LINES] == []


def test_functions_fit_on_a_screen() -> None:
    assert [
        f"{name(path)}:{each.line} {each.name}"
        for path in MODULES
        for each in shape(path).functions
        if each.lines > FUNCTION_LINES
    ] == []


def test_many_parameters_are_named_by_the_caller() -> None:
    assert [
        f"{name(path)}:{each.line} {each.name}"
        for path in MODULES
        for each in shape(path).functions
        if len(each.positional) > PARAMETERS
    ] == []


def test_modules_say_first_what_they_are_for() -> None:
    told = {name(path): shape(path).docstring for path in MODULES}
    summaries = {each: text.partition("\n\n")[0].splitlines() for each, text in told.items()}
    assert [
        each for each, lines in summaries.items() if not 1 <= len(lines) <= DOCSTRING_LINES
    ] == []


@pytest.mark.parametrize(("library", "home"), sorted(ONE_MODULE.items()))
def test_a_library_that_may_have_to_be_replaced_is_imported_once(library: str, home: str) -> None:
    assert [name(path) for path in MODULES if library in shape(path).imported] == [home]


def test_only_the_runtime_starts_processes() -> None:
    for path in MODULES:
        if not name(path).startswith("apps/runtime/"):
            assert not shape(path).imported & PROCESSES, name(path)
            assert not shape(path).of_os & STARTERS, name(path)


def test_every_app_has_a_place_in_the_one_way_rule() -> None:
    rule = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    folders = [path for path in (ROOT / "apps").iterdir() if (path / "__init__.py").exists()]
    for folder in folders:
        assert f'containers = ["apps.{folder.name}"]' in rule, folder.name
