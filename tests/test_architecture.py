"""The shape of the source: small files, a reason for each, dangerous things in one place."""

import ast
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


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree(path)))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in nodes(path) if isinstance(node, kinds)]


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return [each for each in given if each not in ("self", "cls")]


@cache
def imported(path: Path) -> set[str]:
    """The first part of every name that is imported from outside of the package."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_files_are_small_enough_to_be_read_at_once() -> None:
    texts = {name(path): path.read_text(encoding="utf-8") for path in (*MODULES, *scripts())}
    assert [each for each, text in texts.items() if len(text.splitlines()) > LINES] == []


def test_functions_fit_on_a_screen() -> None:
    assert [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in MODULES
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ] == []


def test_many_parameters_are_named_by_the_caller() -> None:
    assert [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in MODULES
        for function in functions(path)
        if len(positional(function)) > PARAMETERS
    ] == []


def test_modules_say_first_what_they_are_for() -> None:
    told = {name(path): ast.get_docstring(tree(path)) or "" for path in MODULES}
    summaries = {each: text.partition("\n\n")[0].splitlines() for each, text in told.items()}
    assert [
        each for each, lines in summaries.items() if not 1 <= len(lines) <= DOCSTRING_LINES
    ] == []


@pytest.mark.parametrize(("library", "home"), sorted(ONE_MODULE.items()))
def test_a_library_that_may_have_to_be_replaced_is_imported_once(library: str, home: str) -> None:
    assert [name(path) for path in MODULES if library in imported(path)] == [home]


def test_only_the_runtime_starts_processes() -> None:
    for path in MODULES:
        if not name(path).startswith("apps/runtime/"):
            assert not imported(path) & PROCESSES, name(path)
            for node in nodes(path):
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "os":
                    assert node.attr not in STARTERS, f"{name(path)}: os.{node.attr}"


def test_every_app_has_a_place_in_the_one_way_rule() -> None:
    rule = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    folders = [path for path in (ROOT / "apps").iterdir() if (path / "__init__.py").exists()]
    for folder in folders:
        assert f'containers = ["apps.{folder.name}"]' in rule, folder.name
