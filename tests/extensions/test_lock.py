"""What the owner of a site has granted, and how they are asked for it."""

from apps.extensions.finding import BUNDLED, ExtensionFiles
from apps.extensions.lock import granted, read_lock

DECLARED = frozenset({"propose:patch", "read:request.header:accept-language"})
PLUGIN = ExtensionFiles("plugin", "greeter", "site", {})


def test_what_nobody_granted_is_told_in_words_before_what_to_write() -> None:
    held, (problem,) = granted(read_lock(None), PLUGIN, DECLARED)
    assert held == frozenset()
    assert problem.reason == (
        "greeter asks for what nobody has granted."
        " This extension may see the header accept-language of each visit."
        " This extension may suggest changes to the JSON of pages."
        " If you trust it, run manage.py extension lock, or add [plugins.greeter]"
        ' capabilities = ["propose:patch", "read:request.header:accept-language"]'
    )


def test_what_is_granted_is_what_is_declared_and_in_the_lock() -> None:
    lock = read_lock(b'[plugins.greeter]\ncapabilities = ["propose:patch", "read:site"]\n')
    assert granted(lock, PLUGIN, DECLARED) == (frozenset({"propose:patch"}), [])
    bundled = ExtensionFiles("plugin", "greeter", BUNDLED, {})
    assert granted(read_lock(None), bundled, DECLARED) == (DECLARED, [])
    assert granted(lock, bundled, DECLARED) == (frozenset({"propose:patch"}), [])


def test_a_lock_that_cannot_be_read_grants_nothing() -> None:
    lock = read_lock(b"[plugins")
    assert [problem.code for problem in lock.problems] == ["lock.syntax"]
    assert granted(lock, PLUGIN, DECLARED)[0] == frozenset()


def test_what_is_wrong_is_named_at_its_line() -> None:
    lock = read_lock(b'[plugins.x]\ncolour = 1\ncapabilities = "all"\n[places]\n')
    assert [(problem.line, problem.reason) for problem in lock.problems] == [
        (3, "plugins.x.capabilities: must be a list"),
        (2, "plugins.x.colour: is not known here"),
        (4, "places: is not known here"),
    ]
