"""What Git, ssh and the forges say when they refuse, by what it means and what is to be done. Pure.

Only what is in TRANSIENT is worth another try.
"""

STALE = "push.stale"
TRANSIENT = frozenset(
    {
        "remote.unreachable",
        "remote.slow",
        "remote.interrupted",
        "remote.busy",
        "remote.locked",
        "git.locked",
        "git.killed",
    }
)
Row = tuple[str, str, str, str]

# What is said → (code, reason, remedy); the first that matches is what the operator reads.
# `remote:` lines are the remote's own and may say anything, so they are asked last.
NODE: tuple[Row, ...] = (
    (
        r"No space left on device|Disk quota exceeded|File too large|Read-only file system",
        "node.storage",
        "this node could not write into its clone",
        "Check the disk and the rights of the folder that WHISPERCMS_STATE names",
    ),
)
DAMAGED = (
    "git.damaged",
    "this node's clone of the repository is damaged",
    "Run `manage.py checkrepo --mend`; it is made again from the remote",
)
LOCKED: Row = (
    r"Unable to create .{1,3}: File exists|\.lock: File exists|Another git process seems",
    "git.locked",
    "another program is writing to the clone",
    "Try again; a lock that stays is left by a program that was killed, and is removed in time",
)
LOCAL: tuple[Row, ...] = (
    (
        r"^Timeout after \d+ seconds$",
        "git.slow",
        "Git was not done in the time that it is given",
        "Try again when the node is idle; run `git fsck` by hand if it was a check of the clone",
    ),
    (
        r"cannot run ssh-keygen",
        "signing.program",
        "there is no ssh-keygen here, so no commit can be signed",
        "Install the OpenSSH client",
    ),
    (
        r"Load key|Couldn.t load|[Ss]igning .*failed|passphrase|agent refused|UNPROTECTED PRIVATE",
        "signing.key",
        "the signing key cannot be used",
        "Set signing_key to a private key without a passphrase, or to one in an agent",
    ),
    LOCKED,
    (
        r"is corrupt|is empty|bad object|unable to read|missing (blob|tree|commit|object)|inflate"
        r"|not a git repository|could not parse|corrupt|invalid object|is far too short"
        r"|cannot be accessed|does not match index|bad tree object|not a valid object|null sha1"
        r"|Could not read [0-9a-f]{40}|Failed to traverse|packed-refs|nonexistent object",
        *DAMAGED,
    ),
    (
        r"Killed by signal|died of signal|early EOF|hung up|unexpected disconnect|Broken pipe",
        "git.killed",
        "Git was killed at work",
        "Try again; give the machine more memory if it goes on",
    ),
)
FULL: Row = (
    r"No space left|[Qq]uota|exceeded its size limit|above its size limit|over its size limit",
    "remote.full",
    "the remote has no room left",
    "Make room there, or have its quota raised",
)
REMOTE: tuple[Row, ...] = (
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
        r"transport .* not allowed|remote helper|Unsupported protocol|protocol .* not supported",
        "remote.form",
        "the remote is neither an absolute path nor an https, ssh or file URL",
        "Set WHISPERCMS_REMOTE to one, such as https://example.org/site.git",
    ),
    (
        r"REMOTE HOST IDENTIFICATION HAS CHANGED",
        "remote.host-changed",
        "the remote's host key is another than the one known here; somebody may be in between",
        "Ask its owner for the new key, and replace the line in known_hosts only if it is that",
    ),
    (
        r"REVOKED HOST KEY",
        "remote.host-revoked",
        "the remote's host key is marked in known_hosts as revoked; somebody may be in between",
        "Ask its owner for the new key, and take the revoked one off the remote",
    ),
    (
        r"Host key verification failed|host key is known",
        "remote.host-key",
        "the remote's host key is not known here",
        "Add it to known_hosts, after comparing it with what its owner says it is",
    ),
    (
        r"UNPROTECTED PRIVATE KEY|Load key|invalid format|error in libcrypto"
        r"|incorrect passphrase|not accessible: No such file|no such identity",
        "remote.key",
        "this server's own SSH key cannot be used",
        "Name a key without a passphrase with ssh_key, readable by this user alone",
    ),
    (
        r"certificate|SSL peer|CAfile|alternative .*subject name",
        "remote.certificate",
        "the remote's certificate is not one that this server trusts",
        "Mend the certificate there, or name its issuer's with https_certificates",
    ),
    (
        r"marked as read.only|write access|not authorized to write|not allowed to push code to th"
        r"|archived so it is read-only|read-only GitLab|insufficient permission"
        r"|unable to create temporary object directory",
        "push.read-only",
        "the remote lets this server read, but not write",
        "Give its key or token the right to write to the repository",
    ),
    (
        r"Permission denied|Permission to .* denied|Access denied|Authentication failed"
        r"|authentication failures|could not read (Username|Password)|error: 40[13]|HTTP 40[13]"
        r"|not authorized|SAML SSO|suspended|Authorization failed",
        "remote.denied",
        "the remote refuses this server's key or password",
        "Give the server access to the repository",
    ),
    (
        r"(returned error:|HTTP) (429|5\d\d)|[Rr]ate limit|currently unavailable"
        r"|Internal Server Error|API is not accessible|API unreachable|[Tt]oo many (conn|req)"
        r"|[Tt]ry again later|experiencing",
        "remote.busy",
        "the remote is overloaded or out of order",
        "Try again later",
    ),
    (
        r"does not appear to be a|not a git repository|not found|not be found|does not exist"
        r"|No such (file|project)|gitfile format|does not look like a|error: 404|is this a git rep"
        r"|is not a valid repository",
        "remote.unknown",
        "there is no Git repository at the remote, or none that this server may see",
        "Check WHISPERCMS_REMOTE, and the rights of its key",
    ),
    (
        r"bad line length character",
        "remote.not-git",
        "what answers at the remote is no Git server",
        "Check WHISPERCMS_REMOTE, and that the account's shell there prints nothing of its own",
    ),
    (
        r"redirect",
        "remote.moved",
        "the remote answers that it is somewhere else now",
        "Set WHISPERCMS_REMOTE to the new address",
    ),
    FULL,
    (
        r"resolve host|ailure in name resolution|onnection refused|onnect to|No route to host"
        r"|etwork is unreachable|onnection timed out|Couldn.t connect",
        "remote.unreachable",
        "the remote does not answer",
        "Try again later",
    ),
    (
        r"Timeout|timed out|Operation too slow",
        "remote.slow",
        "the remote did not answer in time",
        "Try again later",
    ),
    (
        LOCKED[0],
        "remote.locked",
        "another program is writing to the remote",
        "Try again; a lock that stays is left by a program that was killed: remove it there",
    ),
    (
        r"is corrupt|not our ref|missing (blob|tree|commit)|bad object|not a valid object"
        r"|did not send all necessary|corrupt|pack-objects died|unable to read|inflate|is empty"
        r"|fsck error|not have object",
        "remote.damaged",
        "the remote's repository is damaged, or what it sent was",
        "Run `git fsck` there, and mend or restore it",
    ),
    (
        r"early EOF|unexpected disconnect|onnection (was )?(closed|reset)|Broken pipe"
        r"|closed by remote host|Killed by signal"
        r"|hung up|RPC failed|curl (18|52|55|56|92)|Empty reply|TLS connection|send disconnect"
        r"|SSL_(read|connect|ERROR)|gnutls",
        "remote.interrupted",
        "the connection to the remote broke off",
        "Try again later",
    ),
    (
        r"Could not read from remote",
        "remote.denied",
        "the remote refuses this server, or has no such repository",
        "Check WHISPERCMS_REMOTE, and the rights of its key",
    ),
)
PUSH: tuple[Row, ...] = (
    (r"missing necessary objects|pack-objects died|bad object|eof before pack header", *DAMAGED),
    (
        r"verified signature|must be signed|unsigned commit|signed-off|GPG",
        "push.unsigned",
        "the remote takes signed commits only, by keys that it knows",
        "Register the public half of signing_key there",
    ),
    FULL,
    (
        r"GH006|[Pp]rotected (branch|ref)|protected from|through a pull request|approving review"
        r"|[Rr]equired status check",
        "push.protected",
        "the remote protects this branch, and this server may not change it",
        "Allow its key or token to push there, or publish to a branch that is not protected",
    ),
    (
        r"GH001|file size limit|larger than the allowed|maximum allowed size|error: 413|HTTP 413",
        "push.too-large",
        "the remote does not take files or pushes of this size",
        "Take the file out of the commits, or have the limit raised",
    ),
    (
        r"currently checked out",
        "push.checked-out",
        "the remote is a working copy that has this very branch checked out",
        "Name a bare repository, or check out another branch there",
    ),
    (
        r"cannot lock ref .*(exists|non-empty).*cannot create|directory file conflict",
        "push.name",
        "the remote has a branch whose name is a part of this one",
        "Rename one of them",
    ),
    (
        r"hook declined|rule violations|push declined|refusing to|GH00\d|GH01\d|prohibited",
        "push.declined",
        "the remote's own rules decline the push",
        "Do what it says, or ask its owner",
    ),
    (
        r"stale info|fetch first|but expected|reference already exists",
        STALE,
        "somebody else has pushed meanwhile",
        "Try again; the other changes are merged first",
    ),
    (
        r"non-fast-forward",
        "push.not-forward",
        "the push would take commits away from the branch",
        "Merge first; nothing here ever rewrites a branch of the remote",
    ),
    *REMOTE,
)
