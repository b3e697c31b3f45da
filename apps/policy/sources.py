"""The files of `policies/`, hostile bytes, as bounded texts by what they are for. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apps.policy.flaws import Flaw, flaw
from apps.policy.limits import POLICY_BYTES, POLICY_FILE_BYTES, POLICY_FILES
from apps.policy.places import FOLDER, TESTS
from apps.policy.roles import NO_ROLES, PATH, Roles, RolesUnreadable, read_roles
from apps.policy.splitting import PolicyText, UnfitText, split

_POLICY, _TEST = ".cedar", ".toml"


@dataclass(frozen=True, slots=True)
class Sources:
    """`policies` and `tests` are by path, in its order."""

    policies: tuple[tuple[str, tuple[PolicyText, ...]], ...]
    tests: tuple[tuple[str, str], ...]
    roles: Roles
    flaws: tuple[Flaw, ...]


def read(files: Mapping[str, bytes]) -> Sources:
    """`files` may be all of a commit; what is not below `policies/` is left alone."""
    texts, bounds = bounded(files)
    if bounds:
        return Sources((), (), NO_ROLES, bounds)
    flaws: list[Flaw] = []
    return Sources(
        policies=tuple((p, _split(p, texts[p], flaws)) for p in texts if is_policy(p)),
        tests=tuple((path, texts[path]) for path in texts if is_test(path)),
        roles=_roles(texts, flaws),
        flaws=tuple(flaws),
    )


def bounded(files: Mapping[str, bytes]) -> tuple[Mapping[str, str], tuple[Flaw, ...]]:
    """The texts below `policies/` by path, in its order; only the flaws, if there are any."""
    own = {path: files[path] for path in sorted(files) if path.startswith(FOLDER)}
    flaws = list(_too_large(own))
    texts = {} if flaws else {path: _text(path, own[path], flaws) for path in own}
    return ({} if flaws else texts), tuple(flaws)


def is_policy(path: str) -> bool:
    return path.endswith(_POLICY) and "/" not in path.removeprefix(FOLDER)


def is_test(path: str) -> bool:
    name = path.removeprefix(TESTS)
    return path.startswith(TESTS) and name.endswith(_TEST) and "/" not in name


def _too_large(files: Mapping[str, bytes]) -> Iterator[Flaw]:
    if len(files) > POLICY_FILES:
        yield flaw(FOLDER, "policy.too-large", f"there are over {POLICY_FILES} files")
    for path, content in files.items():
        if len(content) > POLICY_FILE_BYTES:
            yield flaw(path, "policy.too-large", f"it has over {POLICY_FILE_BYTES} bytes")
    if sum(map(len, files.values())) > POLICY_BYTES:
        yield flaw(FOLDER, "policy.too-large", f"all files have over {POLICY_BYTES} bytes")


def _text(path: str, content: bytes, flaws: list[Flaw]) -> str:
    if not path.isprintable():
        flaws.append(flaw(path, "policy.place", "its name cannot be printed"))
    if path.endswith(_POLICY) and not is_policy(path):
        flaws.append(flaw(path, "policy.place", "policies in folders of their own do not count"))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        flaws.append(flaw(path, "policy.encoding", "it is not UTF-8"))
        return ""


def _split(path: str, text: str, flaws: list[Flaw]) -> tuple[PolicyText, ...]:
    try:
        return split(text)
    except UnfitText as unfit:
        flaws.append(flaw(path, unfit.code, unfit.reason, unfit.line))
        return ()


def _roles(texts: Mapping[str, str], flaws: list[Flaw]) -> Roles:
    if PATH not in texts:
        return NO_ROLES
    try:
        return read_roles(texts[PATH])
    except RolesUnreadable as error:
        flaws.append(flaw(PATH, "policy.roles", str(error)))
        return NO_ROLES
