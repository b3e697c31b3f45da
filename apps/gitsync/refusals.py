"""Git's own words, in English by LC_ALL, as faults with a reason and a remedy. Pure."""

import re

from apps.gitsync.errors import GitFault, RemoteFault

# What Git says → (code, reason, remedy); the first that matches is what the operator reads.
REFUSALS = (
    (
        r"dubious ownership",
        "remote.owner",
        "the remote folder belongs to another user",
        "Give it to the user that runs this server",
    ),
    (
        r"shallow",
        "remote.shallow",
        "the remote is a shallow clone, which lacks the history that dates come from",
        "Run `git fetch --unshallow` there, or name the full repository",
    ),
    (
        r"Host key verification failed",
        "remote.host-key",
        "the remote's host key is not known here",
        "Add it to this user's known_hosts",
    ),
    (
        r"Permission denied|Authentication failed|could not read Username|error: 40[13]",
        "remote.denied",
        "the remote refuses this server's key or password",
        "Give the server read access to the repository",
    ),
    (
        r"does not appear to be a|not a git repository|not found|does not exist|No such file"
        r"|gitfile format|does not look like a",
        "remote.unknown",
        "there is no Git repository at the remote",
        "Check WHISPERCMS_REMOTE",
    ),
    (
        r"Timeout|resolve host|onnect|timed out|early EOF|unexpected disconnect",
        "remote.unreachable",
        "the remote does not answer",
        "Try again later",
    ),
)
LENGTH = 300


def explain(said: str, command: str) -> GitFault:
    """`said` is Git's stderr. Names that it quotes decide nothing, and no URL is repeated: it may
    hold a password."""
    own = re.sub(r"'[^']*'|\S*://\S*", "…", said)
    for pattern, code, reason, remedy in REFUSALS:
        if re.search(pattern, own):
            return GitFault(code, reason, remedy)
    lines = [line.strip() for line in re.sub(r"\S*://\S*", "…", said).splitlines()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    first = re.sub(r"^(fatal|error): ", "", next(filter(None, told), "no reason given"))
    return GitFault(f"git.{command}", f"git {command}: {first}"[:LENGTH], "See the log")


def as_remote(fault: GitFault) -> RemoteFault:
    return RemoteFault(fault.code, fault.reason, fault.remedy)


def stderr_of(text: str) -> str:
    """What GitPython wraps as `stderr: '…'`."""
    found = re.search(r"stderr: '(.*)'\s*$", text, re.DOTALL)
    return found[1] if found else text
