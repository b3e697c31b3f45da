"""The replies to what is refused: short, plain, never kept, and about the request alone. Pure."""

from apps.delivery.replies import SECURITY, Reply, plain, redirect
from apps.delivery.requests import BadPath, NotNormal

NO_STORE = ("cache-control", "no-store")


def _said(status: int, text: str, *headers: tuple[str, str]) -> Reply:
    return plain(status, f"{text}\n", NO_STORE, *headers)


NO_HOST = _said(400, "This request does not say for which host it is.")
BAD_HOST = _said(400, "The host of this request cannot be read.")
OTHER_HOST = _said(421, "This server does not answer for that host.")
BAD_LENGTH = _said(400, "The length of this request cannot be read.")
BODY = _said(413, "Pages are asked for without a body.")
BAD_ADDRESS = _said(400, "This address cannot be read.")
LONG_ADDRESS = _said(414, "This address is too long.")
BAD_HEADER = _said(400, "A header of this request cannot be read.")
TWICE = _said(400, "A header that may be there once is there twice.")
LARGE_HEADERS = _said(431, "The headers of this request are too many or too large.")
BAD_ORIGIN = _said(403, "That origin may not read from here.")


def bad_method(allowed: tuple[str, ...]) -> Reply:
    return _said(405, f"Only {', '.join(allowed)}.", ("allow", ", ".join(allowed)))


def unreadable(error: BadPath, query: str) -> Reply:
    """To an address that is not, or not in this form, one of a page."""
    if isinstance(error, NotNormal):
        return redirect(error.path, query)
    return LONG_ADDRESS if error.status == LONG_ADDRESS.status else BAD_ADDRESS


def too_many(seconds: int) -> Reply:
    """`seconds` until one more may be made."""
    return _said(429, "Too many requests. Please wait.", ("retry-after", str(seconds)))


def nothing(*headers: tuple[str, str]) -> Reply:
    """204, which has no body and so no type."""
    return Reply(204, (NO_STORE, *SECURITY, *headers))
