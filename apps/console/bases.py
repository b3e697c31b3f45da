"""The commit that somebody saw when a form was made, sealed so that it comes back as it was."""

from typing import Final

from django.core.signing import BadSignature, Signer

FIELD: Final = "base"


class ForgedBase(Exception):
    """It was not made here, or for something else."""

    def __init__(self) -> None:
        super().__init__("the form does not say which version it was made from; open it again")


def sealed(commit: str, what: str) -> str:
    """For a hidden field; `what` names the thing that the form changes."""
    return _signer(what).sign(commit)


def opened(text: str, what: str) -> str:
    """Raises ForgedBase."""
    try:
        return _signer(what).unsign(text)
    except BadSignature as error:
        raise ForgedBase from error


def _signer(what: str) -> Signer:
    return Signer(salt=f"console.base {what}")
