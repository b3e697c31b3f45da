"""What Git, ssh and the forges really say, and what the operator is told of it."""

import pytest

from apps.gitsync.errors import NodeFault, RemoteFault
from apps.gitsync.git.refusal_table import LOCAL, NODE, PUSH, REMOTE, TRANSIENT
from apps.gitsync.git.refusals import explain, explain_push, explain_remote, is_transient
from tests.tables import each_of

SSH_END = """fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists."""
URL = "https://user:pass-word@example.org/site.git"

FETCHES: list[tuple[str, str]] = [
    # names and connections
    (
        "remote.unreachable",
        f"fatal: unable to access '{URL}/': Could not resolve host: example.org",
    ),
    (
        "remote.unreachable",
        f"ssh: Could not resolve hostname nowhere: Name or service not known\n{SSH_END}",
    ),
    (
        "remote.unreachable",
        f"ssh: Could not resolve hostname x.org: Temporary failure in name resolution\n{SSH_END}",
    ),
    (
        "remote.unreachable",
        f"fatal: unable to access '{URL}/': Failed to connect to example.org port 443 after 2 ms:"
        " Couldn't connect to server",
    ),
    (
        "remote.unreachable",
        f"fatal: unable to access '{URL}/': Failed to connect to ::1 port 1: Connection refused",
    ),
    (
        "remote.unreachable",
        f"ssh: connect to host example.org port 22: Connection refused\n{SSH_END}",
    ),
    (
        "remote.unreachable",
        f"ssh: connect to host example.org port 22: Connection timed out\n{SSH_END}",
    ),
    ("remote.unreachable", f"ssh: connect to host 10.0.0.1 port 22: No route to host\n{SSH_END}"),
    (
        "remote.unreachable",
        f"ssh: connect to host 10.0.0.1 port 22: Network is unreachable\n{SSH_END}",
    ),
    # time
    (
        "remote.slow",
        "error: RPC failed; curl 28 Operation too slow. Less than 100 bytes/sec transferred the"
        " last 60 seconds\nfatal: expected flush after ref listing",
    ),
    (
        "remote.slow",
        'Timeout: the command "git fetch" did not complete in 300 secs.',
    ),
    (
        "remote.slow",
        f"fatal: unable to access '{URL}/': Operation timed out after 300 milliseconds",
    ),
    # broken off
    (
        "remote.interrupted",
        "error: RPC failed; curl 18 transfer closed with 1024 bytes remaining to read\n"
        "error: 512 bytes of body are still expected\nfetch-pack: unexpected disconnect while"
        " reading sideband packet\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output",
    ),
    (
        "remote.interrupted",
        "error: RPC failed; curl 56 GnuTLS recv error (-54): Error in the pull function.\n"
        "fatal: the remote end hung up unexpectedly",
    ),
    (
        "remote.interrupted",
        "error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)\n"
        "fatal: the remote end hung up unexpectedly\nfatal: early EOF",
    ),
    ("remote.interrupted", f"fatal: unable to access '{URL}/': Empty reply from server"),
    (
        "remote.interrupted",
        f"fatal: unable to access '{URL}/': gnutls_handshake() failed: The TLS connection was"
        " non-properly terminated.",
    ),
    (
        "remote.interrupted",
        f"fatal: unable to access '{URL}/': OpenSSL SSL_read: Connection was reset, errno 10054",
    ),
    (
        "remote.interrupted",
        f"fatal: unable to access '{URL}/': Recv failure: Connection reset by peer",
    ),
    (
        "remote.interrupted",
        f"kex_exchange_identification: Connection closed by remote host\n"
        f"Connection closed by 140.82.121.4 port 22\n{SSH_END}",
    ),
    (
        "remote.interrupted",
        f"ssh_exchange_identification: read: Connection reset by peer\n{SSH_END}",
    ),
    (
        "remote.interrupted",
        "client_loop: send disconnect: Broken pipe\nfatal: the remote end hung up unexpectedly",
    ),
    # overloaded
    *(
        (
            "remote.busy",
            f"fatal: unable to access '{URL}/': The requested URL returned error: {status}",
        )
        for status in (429, 500, 502, 503, 504)
    ),
    ("remote.busy", "error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502"),
    ("remote.busy", f"remote: Internal Server Error\nremote: \n{SSH_END}"),
    ("remote.busy", f"remote: \nremote: ERROR: Internal API unreachable\nremote: \n{SSH_END}"),
    (
        "remote.busy",
        f"remote: GitLab is currently unavailable. Please try again later.\n{SSH_END}",
    ),
    # locks: of the clone, as a fetch writes nowhere else
    (
        "git.locked",
        "error: cannot lock ref 'refs/remotes/origin/main': Unable to create"
        " '/srv/x/refs/remotes/origin/main.lock': File exists.\n\nAnother git process seems to be"
        " running in this repository",
    ),
    # who we are
    ("remote.denied", f"git@github.com: Permission denied (publickey).\n{SSH_END}"),
    (
        "remote.denied",
        f"git@gitlab.com: Permission denied (publickey,keyboard-interactive).\n{SSH_END}",
    ),
    (
        "remote.denied",
        f"Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\n{SSH_END}",
    ),
    ("remote.denied", f"fatal: Authentication failed for '{URL}/'"),
    (
        "remote.denied",
        "remote: Support for password authentication was removed on August 13, 2021.\n"
        f"fatal: Authentication failed for '{URL}/'",
    ),
    (
        "remote.denied",
        f"remote: HTTP Basic: Access denied\nfatal: Authentication failed for '{URL}'",
    ),
    (
        "remote.denied",
        "fatal: could not read Username for 'https://example.org': terminal prompts disabled",
    ),
    ("remote.denied", f"fatal: unable to access '{URL}/': The requested URL returned error: 403"),
    (
        "remote.denied",
        "remote: Write access to repository not granted.\n"
        f"fatal: unable to access '{URL}/': The requested URL returned error: 403",
    ),
    (
        "remote.denied",
        f"ERROR: The 'acme' organization has enabled or enforced SAML SSO.\n{SSH_END}",
    ),
    ("remote.denied", SSH_END),
    (
        "remote.key",
        "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\n"
        f"Permissions 0644 for 'id' are too open.\nLoad key \"id\": bad permissions\n{SSH_END}",
    ),
    ("remote.key", f'Load key "/srv/id": error in libcrypto\ngit@x: Permission denied.\n{SSH_END}'),
    ("remote.key", f'Load key "/srv/id": invalid format\ngit@x: Permission denied.\n{SSH_END}'),
    (
        "remote.key",
        "Warning: Identity file /srv/id not accessible: No such file or directory.\n"
        f"git@x: Permission denied (publickey).\n{SSH_END}",
    ),
    (
        "remote.key",
        "no such identity: /srv/id: No such file or directory\n"
        f"git@x: Permission denied (publickey).\n{SSH_END}",
    ),
    # who they are
    ("remote.host-key", f"Host key verification failed.\n{SSH_END}"),
    (
        "remote.host-key",
        "No ED25519 host key is known for example.org and you have requested strict checking.\n"
        f"Host key verification failed.\n{SSH_END}",
    ),
    (
        "remote.host-revoked",
        "@ WARNING: REVOKED HOST KEY DETECTED! @\nED25519 host key for x was revoked and you have"
        f" requested strict checking.\nHost key verification failed.\n{SSH_END}",
    ),
    ("remote.not-git", "fatal: protocol error: bad line length character: Welc"),
    ("remote.interrupted", f"Connection to 10.0.0.1 closed by remote host.\n{SSH_END}"),
    (
        "remote.host-changed",
        "@@@@@@@@@@@@@@@@@@@@@@@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n"
        f"Host key verification failed.\n{SSH_END}",
    ),
    (
        "remote.certificate",
        f"fatal: unable to access '{URL}/': SSL certificate problem: self-signed certificate",
    ),
    (
        "remote.certificate",
        f"fatal: unable to access '{URL}/': server certificate verification failed. CAfile: none"
        " CRLfile: none",
    ),
    (
        "remote.certificate",
        f"fatal: unable to access '{URL}/': SSL: no alternative certificate subject name matches"
        " target host name 'example.org'",
    ),
    # what is there
    ("remote.unknown", f"ERROR: Repository not found.\n{SSH_END}"),
    ("remote.unknown", f"remote: Repository not found.\nfatal: repository '{URL}/' not found"),
    (
        "remote.unknown",
        "remote: \nremote: ERROR: The project you were looking for could not be found or you don't"
        f" have permission to view it.\nremote: \n{SSH_END}",
    ),
    ("remote.unknown", f"Gitea: Repository does not exist or you do not have access\n{SSH_END}"),
    ("remote.unknown", f"fatal: '/srv/x.git' does not appear to be a git repository\n{SSH_END}"),
    ("remote.unknown", f"fatal: {URL}/info/refs not valid: is this a git repository?"),
    (
        "remote.moved",
        f"fatal: unable to update url base from redirection:\n  asked for: {URL}\n   redirect: x",
    ),
    ("remote.shallow", "warning: rejected refs/heads/x because shallow roots are not allowed"),
    ("remote.form", "fatal: transport 'ext' not allowed"),
    ("remote.form", "git: 'remote-foo' is not a git command.\nfatal: remote helper 'foo' aborted"),
    ("remote.owner", "fatal: detected dubious ownership in repository at '/srv/x.git'"),
    # what was sent
    ("remote.damaged", f"fatal: git upload-pack: not our ref 1234\n{SSH_END}"),
    (
        "remote.damaged",
        "remote: fatal: loose object 1234 (stored in ./objects/12/34) is corrupt\n"
        "fatal: error in object: missing blob",
    ),
    ("remote.damaged", "fatal: remote did not send all necessary objects"),
    ("git.fetch", "fatal: something that nobody has ever seen"),
]
PUSHES: list[tuple[str, str, str]] = [
    ("push.stale", "[rejected] (stale info)", ""),
    ("push.stale", "[rejected] (fetch first)", ""),
    (
        "push.stale",
        "[remote rejected] (failed to update ref)",
        "remote: error: cannot lock ref 'refs/heads/main': is at 1234 but expected 5678",
    ),
    ("push.stale", "[remote rejected] (reference already exists)", ""),
    (
        "remote.locked",
        "[remote rejected] (failed to update ref)",
        "remote: error: cannot lock ref 'refs/heads/main': Unable to create"
        " './refs/heads/main.lock': File exists.",
    ),
    ("push.not-forward", "[remote rejected] (non-fast-forward)", ""),
    (
        "push.protected",
        "[remote rejected] (protected branch hook declined)",
        "remote: error: GH006: Protected branch update failed for refs/heads/main.\n"
        "remote: error: At least 1 approving review is required by reviewers with write access.",
    ),
    (
        "push.protected",
        "[remote rejected] (push declined due to repository rule violations)",
        "remote: error: GH013: Repository rule violations found for refs/heads/main.\n"
        "remote: - Changes must be made through a pull request.",
    ),
    (
        "push.protected",
        "[remote rejected] (pre-receive hook declined)",
        "remote: GitLab: You are not allowed to push code to protected branches on this project.",
    ),
    (
        "push.protected",
        "[remote rejected] (pre-receive hook declined)",
        "remote: \nremote: Gitea: Not allowed to push to protected branch main",
    ),
    (
        "push.unsigned",
        "[remote rejected] (pre-receive hook declined)",
        "remote: error: GH006: Commits must have verified signatures.",
    ),
    (
        "push.unsigned",
        "[remote rejected] (pre-receive hook declined)",
        "remote: GitLab: Commit must be signed with a GPG key",
    ),
    (
        "push.too-large",
        "[remote rejected] (pre-receive hook declined)",
        "remote: error: GH001: Large files detected.\nremote: error: File x is 120.00 MB; this"
        " exceeds GitHub's file size limit of 100.00 MB",
    ),
    (
        "push.declined",
        "[remote rejected] (push declined due to email privacy restrictions)",
        "remote: error: GH007: Your push would publish a private email address.",
    ),
    (
        "push.declined",
        "[remote rejected] (refusing to allow an OAuth App to create or update workflow x)",
        "",
    ),
    ("push.declined", "[remote rejected] (pre-receive hook declined)", ""),
    ("push.declined", "[remote rejected] (hook declined)", "remote: Ask Grace first"),
    ("push.declined", "[remote rejected] (deletion prohibited)", ""),
    (
        "push.checked-out",
        "[remote rejected] (branch is currently checked out)",
        "remote: error: refusing to update checked out branch: refs/heads/main",
    ),
    (
        "push.name",
        "[remote rejected] (failed to update ref)",
        "remote: error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create"
        " 'refs/heads/a/b'",
    ),
    (
        "push.read-only",
        "[remote rejected] (unpacker error)",
        "remote: error: insufficient permission for adding an object to repository database",
    ),
    (
        "remote.full",
        "[remote rejected] (unpacker error)",
        "remote: fatal: write error: No space left on device",
    ),
    (
        "remote.full",
        "[remote rejected] (pre-receive hook declined)",
        "remote: GitLab: Your push has been rejected, because this repository has exceeded its"
        " size limit of 10 MB by 1 MB.",
    ),
    (
        "remote.full",
        "[remote rejected] (pre-receive hook declined)",
        "remote: Gitea: Quota exceeded",
    ),
]
UNANSWERED: list[tuple[str, str]] = [
    (
        "push.read-only",
        f"ERROR: The key you are authenticating with has been marked as read only.\n{SSH_END}",
    ),
    (
        "push.read-only",
        f"remote: ERROR: This deploy key does not have write access to this project.\n{SSH_END}",
    ),
    (
        "push.read-only",
        f"Gitea: Deploy Key: 1:x is not authorized to write to a/b.\n{SSH_END}",
    ),
    (
        "push.read-only",
        f"ERROR: This repository was archived so it is read-only.\n{SSH_END}",
    ),
    (
        "remote.denied",
        "remote: Permission to a/b.git denied to c.\n"
        f"fatal: unable to access '{URL}/': The requested URL returned error: 403",
    ),
    ("push.too-large", "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413"),
    ("remote.busy", "error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503"),
    ("remote.unreachable", f"ssh: connect to host x port 22: Connection refused\n{SSH_END}"),
]


def test_what_is_meant_for_a_terminal_is_taken_out() -> None:
    fault = explain_remote("fatal: remote error: \x1b[2J\x07all is well\x85", "fetch")
    assert fault.reason == "git fetch: remote error: [2Jall is well"


PASSING = ("remote.unreachable", "remote.slow", "remote.interrupted", "remote.busy")


@each_of(("code", "said"), FETCHES)
def test_a_fetch(code: str, said: str) -> None:
    fault = explain_remote(said, "fetch")
    assert fault.code == code
    assert fault.remedy and "pass-word" not in str(fault)
    assert is_transient(fault) is (code in (*PASSING, "git.locked"))


@each_of(("code", "summary", "said"), PUSHES)
def test_a_ref_that_is_not_taken(code: str, summary: str, said: str) -> None:
    fault = explain_push(summary, said)
    assert fault.code == code
    assert is_transient(fault) is (code == "remote.locked")


@pytest.mark.parametrize(("code", "said"), UNANSWERED)
def test_a_push_that_is_not_answered(code: str, said: str) -> None:
    fault = explain_remote(said, "push")
    assert fault.code == code
    assert is_transient(fault) is (code in PASSING)


@pytest.mark.parametrize(
    "said",
    [
        "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output",
        "error: unable to write file /x: Disk quota exceeded",
        "error: file write error: File too large",
        "fatal: cannot create directory: Read-only file system",
    ],
)
def test_a_full_disk_here_is_this_node_s(said: str) -> None:
    assert isinstance(explain_remote(said, "fetch"), NodeFault)
    assert isinstance(explain(said, "hash-object"), NodeFault)
    assert isinstance(explain_remote(f"remote: {said}", "push"), RemoteFault)


@each_of(
    ("code", "said"),
    [
        ("git.damaged", "fatal: loose object 1 (stored in /x/objects/1/2) is corrupt"),
        ("git.damaged", "error: object file /x/objects/1/2 is empty"),
        ("git.damaged", "error: bad object 1"),
        ("git.damaged", f"error: Could not read {'1' * 40}\nfatal: Failed to traverse parents"),
        ("git.damaged", "fatal: unterminated line in /x/packed-refs: \\0\\0"),
        ("git.merge-base", "fatal: Not a valid commit name 1"),
        ("git.damaged", "fatal: not a git repository: '/x'"),
        ("git.damaged", "fatal: missing object 1 for refs/heads/main"),
        ("git.damaged", "error: packfile /x.pack does not match index"),
        ("git.damaged", "error: file /x.pack is far too short to be a packfile"),
        ("git.locked", "fatal: Unable to create '/x/refs/heads/main.lock': File exists."),
        ("git.update-ref", "fatal: cannot update ref 'refs/heads/main': no"),
    ],
)
def test_a_local_command(code: str, said: str) -> None:
    assert explain(said, code.partition(".")[2]).code == code


def test_what_a_hook_of_the_remote_prints_decides_last() -> None:
    """It may say anything, and must not have us try again what was refused."""
    fault = explain_push("[remote rejected] (hook declined)", "remote: Connection reset by peer")
    assert fault.code == "push.declined"
    assert explain_remote("remote: early EOF\nfatal: Authentication failed", "push").code == (
        "remote.denied"
    )


def test_every_code_that_may_pass_is_one_of_the_table() -> None:
    assert {row[1] for row in (*NODE, *LOCAL, *PUSH, *REMOTE)} >= TRANSIENT
