"""Answers Git when it asks for the password of a host: the program that `access` names to it.

Git runs this file alone (`python -I -S`), so it imports nothing of ours and never writes.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

LINE = re.compile(r"([^\s:/@]+(?::\d{1,5})?)\s+([^\s:]+):(\S*)")
"""`host user:token`, or `host:port user:token`"""


def parse_credentials(text: str) -> dict[str, tuple[str, str]]:
    """host → (user, token); empty lines and those that begin with # are left out.

    Raises ValueError, whose only argument is the line's number and never its text.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = LINE.fullmatch(line.strip())
        if parts is None:
            raise ValueError(number)
        found[parts[1].lower()] = (parts[2], parts[3])
    return found


def answer(credentials: Mapping[str, tuple[str, str]], asked: str) -> str:
    """`asked` is `key=value` lines, as gitcredentials(7) has them. Only HTTPS gets an answer."""
    keys = dict(line.split("=", 1) for line in asked.splitlines() if "=" in line)
    known = credentials.get(keys.get("host", "").lower())
    if keys.get("protocol") != "https" or known is None:
        return ""
    user, token = known
    if keys.get("username", user) != user:
        return ""
    return f"username={user}\npassword={token}\n"


def main(path: str, operation: str) -> None:
    if operation == "get":
        credentials = parse_credentials(Path(path).read_text(encoding="utf-8"))
        sys.stdout.write(answer(credentials, sys.stdin.read()))


if __name__ == "__main__":
    main(*sys.argv[1:3])
