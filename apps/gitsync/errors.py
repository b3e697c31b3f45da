"""What can go wrong between the server and the site repository, for the operator."""


class GitFault(Exception):
    """Git could not do what was asked. `code` names the kind, `remedy` says what to do."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code, self.reason, self.remedy = code, reason, remedy
        super().__init__(f"{reason}. {remedy}")


class RemoteFault(GitFault):
    """The remote cannot be read; what was served before is served still."""


class NodeFault(GitFault):
    """This node's own disk or databases failed; what was served before is served still."""


class NotOnDisk(NodeFault):
    """A commit that is made and can be read, but may not outlive a loss of power."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            "node.storage",
            f"the commit was written, but not surely to the disk ({error.strerror})",
            "Check the disk that WHISPERCMS_STATE is on, and save again",
        )


class RefMoved(GitFault):
    """Somebody else moved the ref first; nothing was written."""

    def __init__(self, ref: str) -> None:
        super().__init__("ref.moved", f"{ref} was moved meanwhile", "Try again")


class BackupRefused(GitFault):
    """The file cannot be used, or not here; nothing was changed."""
