"""A new site's repository: its first commit has a page, a post, and who may do what."""

import re
import time
from pathlib import Path
from typing import Final

from apps.gitsync.git.commits import Author, commit_files
from apps.gitsync.git.repository import Repository
from apps.policy.bundled import sample
from whispercms.setup.answers import Answers

BRANCH: Final = "main"
ROLES: Final = "policies/roles.toml"
PEOPLE: Final = re.compile(r"^(\w[\w-]*) = \[.*\]$", re.M)
OWNERS: Final = "administrators"


def found(answers: Answers, path: Path, author: Author) -> str:
    """The first commit. Killed before it, the repository is empty, and this can be done again.
    Raises GitFault."""
    repository = Repository(path)
    if not repository.exists():
        repository.create()
    ref = f"refs/heads/{BRANCH}"
    if commit := repository.resolve(ref):
        return commit
    files = first_files(answers, time.strftime("%Y-%m-%d", time.gmtime()))
    return commit_files(repository, ref, files, message="Begin the site\n", author=author)


def first_files(answers: Answers, day: str) -> dict[str, bytes]:
    """Pure. Names in samples are of nobody here: the owner takes their place."""
    quoted = answers.title.replace("\\", "\\\\").replace('"', '\\"')
    texts = {
        "config.toml": f'[whispercms]\ntitle = "{quoted}"\n',
        "content/_index.md": f'---\ntitle: "{quoted}"\n---\n\nWelcome.\n',
        "content/posts/_index.md": "---\ntitle: Posts\n---\n",
        "content/posts/first.md": (
            f"---\ntitle: The first post\ndate: {day}\n---\n\n"
            "Write here, look at the preview, and publish.\n"
        ),
    }
    policies = {**sample(answers.sample)}
    roles = policies.get(ROLES, b"").decode()
    policies[ROLES] = PEOPLE.sub(lambda each: _people(each[1], answers.owner), roles).encode()
    kept = {path: content for path, content in policies.items() if "/tests/" not in path}
    return {**{path: text.encode() for path, text in texts.items()}, **kept}


def _people(role: str, owner: str) -> str:
    return f'{role} = ["{owner}"]' if role == OWNERS and owner else f"{role} = []"
