"""Signed histories whose signers may do some things and not others, judged by the last good
commit's policies."""

from dataclasses import replace
from pathlib import Path

import pytest

from apps.gitsync.report import APPLIED, REFUSED
from apps.gitsync.trust.acts import Act, read_acts
from apps.gitsync.trust.signers import parse
from tests.gitsync.repositories import At
from tests.gitsync.signed import Key, Signed, make_key
from tests.sites import CONFIG, Site

ROLES = b'[roles]\neditors = ["bob@example.org"]\nowners = ["ada@example.org"]\n'
POLICIES = b"""
@id("owners") permit (principal in Role::"owners", action, resource);
@id("editors-write-drafts")
permit (principal in Role::"editors", action == Action::"edit", resource is Document)
when { resource.draft };
@id("editors-upgrade")
permit (principal in Role::"editors", action == Action::"upgrade-extension", resource);
"""
DRAFT = b"---\ntitle: Draft\ndraft: true\n---\n"
PUBLIC = b"---\ntitle: Public\n---\n"
PLUGIN = b'id = "p"\nversion = "1.0.0"\nrequires = ">=1.0,<2"\nsubscribes = []\n'


class Team(Signed):
    """Ada owns the site and serves its first commit; bob edits drafts."""

    def __init__(self, path: Path, ada: Key, bob: Key) -> None:
        super().__init__(path)
        self.ada, self.bob = ada, bob
        self.files: dict[bytes, bytes | At] = {
            b"allowed_signers": (ada.line + bob.line).encode(),
            b"config.toml": CONFIG.encode(),
            b"content/draft.md": DRAFT,
            b"content/one.md": PUBLIC,
            b"plugins/p/plugin.toml": PLUGIN,
            b"policies/roles.toml": ROLES,
            b"policies/team.cedar": POLICIES,
        }
        self.key = ada
        self.good = self.commit(self.files)

    def by(self, key: Key, parents: list[str] | None = None, **changed: bytes | None) -> str:
        """`content__a` stands for content/a.md."""
        for name, content in changed.items():
            self.put(name.replace("__", "/").encode() + b".md", content)
        self.key = key
        return self.commit(self.files, parents=parents)

    def put(self, path: bytes, content: bytes | None) -> None:
        self.files.pop(path, None)
        if content is not None:
            self.files[path] = content


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Key, Key]:
    folder = tmp_path_factory.mktemp("keys")
    return make_key(folder, "ada"), make_key(folder, "bob")


@pytest.fixture
def team(tmp_path: Path, site: Site, keys: tuple[Key, Key]) -> Team:
    made = Team(tmp_path / "team.git", *keys)
    first = parse(keys[0].line.encode())
    site.source = replace(
        site.source, remote=str(made.path), require_signatures=True, first_signers=first
    )
    assert site.sync().state == APPLIED
    return made


def refused(site: Site) -> str:
    """Why, in one line; what was served before is served still."""
    before = site.live.current().commit
    report = site.sync()
    assert (report.state, {p.code for p in report.problems}) == (REFUSED, {"policy.commit"})
    assert site.live.current().commit == before
    return str(report.problems[0])


def test_a_signer_does_what_policy_lets_them_do(team: Team, site: Site) -> None:
    team.by(team.bob, content__draft=DRAFT + b"more\n", content__new=DRAFT)
    team.by(team.ada, content__one=PUBLIC + b"more\n")
    assert site.sync().state == APPLIED


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "content", "action"),
    [
        (b"content/one.md", PUBLIC + b"more\n", 'edit Document::"content/one.md"'),
        (b"content/one.md", None, 'edit Document::"content/one.md"'),
        (b"content/draft.md", PUBLIC, 'edit Document::"content/draft.md"'),
        (b"content/new.md", PUBLIC, 'edit Document::"content/new.md"'),
        (b"media/x.png", b"x", 'edit Document::"media/x.png"'),
        (b"policies/more.cedar", b"", 'change-policy Policy::"policies/more.cedar"'),
        (b"policies/team.cedar", None, 'change-policy Policy::"policies/team.cedar"'),
        (b"config.toml", CONFIG.encode() + b"\n", 'configure-site Site::"site"'),
        (b"extensions.lock", b"", 'grant-capability Capability::"* *"'),
        (b"plugins/new/plugin.toml", PLUGIN, 'install-extension Extension::"plugin:new"'),
        (b"themes/new/theme.toml", b"", 'install-extension Extension::"theme:new"'),
        (b"secrets/a.sops.yaml", b"a: 1\n", 'change-secret Secret::"secrets/a.sops.yaml *"'),
    ],
)
def test_each_path_comes_to_an_action(
    team: Team, site: Site, path: bytes, content: bytes | None, action: str
) -> None:
    team.put(path, content)
    commit = team.by(team.bob)
    team.by(team.ada, content__one=PUBLIC + b"later\n")
    told = refused(site)
    assert told.startswith(f"commit {commit[:12]}: {path.decode()}: signed by 'bob@example.org'")
    assert f"may not {action}: no policy allows it" in told


def test_nobody_makes_themselves_an_owner(team: Team, site: Site) -> None:
    team.put(b"policies/roles.toml", ROLES.replace(b'["ada', b'["bob@example.org", "ada'))
    team.by(team.bob)
    team.by(team.bob, content__one=PUBLIC + b"mine\n")
    assert "change-policy" in refused(site)


@pytest.mark.long
def test_what_an_owner_allows_holds_for_the_commits_after_it(team: Team, site: Site) -> None:
    team.put(b"policies/roles.toml", ROLES.replace(b'["ada', b'["bob@example.org", "ada'))
    team.by(team.ada)
    team.by(team.bob, content__one=PUBLIC + b"mine\n")
    assert site.sync().state == APPLIED


@pytest.mark.long
def test_what_is_upgraded_is_not_installed(team: Team, site: Site) -> None:
    team.put(b"plugins/p/plugin.toml", PLUGIN + b"# more\n")
    team.by(team.bob)
    assert site.sync().state == APPLIED


def test_a_merge_is_judged_by_what_it_makes_itself(team: Team, site: Site) -> None:
    side = dict(team.files)
    team.by(team.ada, content__one=PUBLIC + b"by ada\n")
    main, mine = team.tip(), dict(team.files)
    team.files = side
    team.key = team.bob
    team.put(b"content/draft.md", DRAFT + b"by bob\n")
    other = team.commit(team.files, parents=[team.good], branch="side")
    team.files = {**mine, b"content/draft.md": DRAFT + b"by bob\n"}
    team.by(team.bob, parents=[main, other])
    report = site.sync()
    assert report.state == APPLIED, report.problems
    # The same merge that takes back what an owner did is an edit of bob's.
    team.by(team.ada, content__one=PUBLIC + b"again by ada\n")
    main = team.tip()
    team.put(b"content/one.md", PUBLIC + b"by ada\n")
    team.by(team.bob, parents=[main, other])
    assert "content/one.md" in refused(site)


def test_no_name_of_a_file_passes_for_a_commit() -> None:
    one, two = "1" * 40, "2" * 40
    raw = f":000000 100644 {'0' * 40} {'3' * 40} A"
    output = f"{one} \0\n{raw}\0{two} {one}\0{raw}\0:a\0{raw}\0\0{two} {one} {one}\0\n{raw}\0b\0"
    assert list(read_acts(output.encode())) == [
        Act(one, is_merge=False, paths=(f"{two} {one}", ":a", "")),
        Act(two, is_merge=True, paths=("b",)),
    ]
