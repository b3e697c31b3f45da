"""Git's own words, in English by LC_ALL, as faults with a reason and a remedy. Pure."""

import re
from collections.abc import Sequence

from apps.gitsync.errors import GitFault, NodeFault, RemoteFault
from apps.gitsync.git.refusal_table import LOCAL, LOCKED, NODE, PUSH, REMOTE, TRANSIENT, Row

LENGTH = 300


def explain(said: str, command: str) -> GitFault:
    """Of a command that asks no remote. `said` is Git's stderr."""
    return _found(said, (*NODE, *LOCAL)) or _told(said, command)


def explain_remote(said: str, command: str) -> GitFault:
    """Of one that does: a RemoteFault, or the NodeFault of a full disk."""
    own = "\n".join(line for line in said.splitlines() if not line.startswith("remote:"))
    # A fetch writes here alone, so what is locked is the clone.
    rows = PUSH if command == "push" else (LOCKED, *REMOTE)
    # That the connection broke off may follow from anything, and is looked for last.
    fault = _found(own, (*NODE, *rows[:-2])) or _found(said, rows)
    return fault or as_remote(_told(said, command))


def explain_push(summary: str, said: str) -> GitFault:
    """Of a ref that was not taken; `summary` is its line of `push --porcelain`."""
    fault = _found(f"{summary}\n{said}", PUSH) or as_remote(_told(f"error: {summary}", "push"))
    heard = [line[7:].strip() for line in _without_urls(said).splitlines() if line[:7] == "remote:"]
    words = next((line for line in heard if any(map(str.isalnum, line))), "")
    if fault.code != "push.declined" or not words:
        return fault
    return RemoteFault(fault.code, f"{fault.reason}: {_printed(words)}", fault.remedy)


def is_transient(fault: GitFault) -> bool:
    return fault.code in TRANSIENT


def as_remote(fault: GitFault) -> RemoteFault:
    return RemoteFault(fault.code, fault.reason, fault.remedy)


def _found(said: str, rows: Sequence[Row]) -> GitFault | None:
    """Names that it quotes decide nothing, and no URL is repeated: it may hold a password."""
    own = re.sub(r"'[^'\n]*'|\S*://\S*", "…", said)
    for pattern, code, reason, remedy in rows:
        if re.search(pattern, own):
            kind = NodeFault if code.startswith("node.") else RemoteFault
            local = code.startswith("git.")
            return (GitFault if local else kind)(code, reason, remedy)
    return None


def _told(said: str, command: str) -> GitFault:
    lines = [line.strip() for line in _without_urls(said).splitlines()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    first = re.sub(r"^(fatal|error): ", "", next(filter(None, told), "no reason given"))
    return GitFault(f"git.{command}", _printed(f"git {command}: {first}"), "See the log")


def _printed(said: str) -> str:
    """What the other side says may be meant for a terminal."""
    return "".join(letter for letter in said if letter.isprintable())[:LENGTH]


def _without_urls(said: str) -> str:
    return re.sub(r"\S*://\S*", "…", said)
