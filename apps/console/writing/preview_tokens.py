"""Addresses of previews: outside the console, so that no cookie of it is ever sent there, and only
known to whom they were given.
"""

from typing import Final

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SALT: Final = "console.preview"
LIVE, LINK = "live", "link"
NAME: Final = 32
"""Hexadecimal digits of a preview's name."""
ROOT: Final = "/-/preview/"


def live_name(request: HttpRequest, what: str) -> str:
    """The same for as long as somebody is logged in and writes the same document."""
    session = request.session.session_key or ""
    return f"{LIVE}-{salted_hmac(SALT, f'{session} {what}').hexdigest()[:NAME]}"


def address(name: str) -> str:
    return f"{ROOT}{_signer().sign(name)}/"


def files_address(name: str) -> str:
    """Below which files are that stand beside the document."""
    return f"{address(name)}file/"


def opened(token: str) -> str | None:
    """The name, or None for what was not made here."""
    try:
        return _signer().unsign(token)
    except BadSignature:
        return None


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
