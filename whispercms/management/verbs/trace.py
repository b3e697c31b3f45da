"""`extension trace URL`: what happened to one request, from the served commit."""

import math
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from apps.delivery.observation import CommitMoved
from apps.delivery.replies import Reply
from apps.delivery.requests import METHODS, BadPath, PageRequest, decode_path, decode_query, new_id
from apps.delivery.trying.tracing import Closer, Fate, Used, look_closely
from apps.extensions.containment.store import DatabaseStore
from apps.extensions.enabling import shut_of
from apps.extensions.workshop.notation import line
from apps.runtime.databases import prepare_databases
from whispercms.management.serving import served_site
from whispercms.management.verb import (
    EXIT_NODE,
    EXIT_REFUSED,
    EXIT_USAGE,
    Answer,
    Options,
    VerbEnd,
)

HELP = "show what was read, proposed, accepted and dropped to make one page"
MOVED = "the site moved on meanwhile; try again"
FACT = 100
"""Characters of a fact that people are shown."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("url", help="a path such as /notes/, or a whole URL")
    parser.add_argument("--method", choices=METHODS, default="GET")
    said = "such as 'Accept-Language: de'; may be given several times"
    parser.add_argument("--header", action="append", default=[], metavar="NAME: VALUE", help=said)


def answer(options: Options) -> Answer:
    request = _request(options)
    prepare_databases()
    shut = {key: each.reason for key, each in shut_of(DatabaseStore(settings.SITE_KEY)).items()}
    with served_site() as site:
        try:
            closer = look_closely(request, site.served)
        except CommitMoved as error:
            raise VerbEnd(EXIT_NODE, "node", MOVED) from error
    code = EXIT_REFUSED if closer.failures else 0
    return Answer(_values(request, closer, shut), _text(request, closer, shut), code)


def _request(options: Options) -> PageRequest:
    parts = urlsplit(options["url"])
    try:
        headers = tuple(_header(text) for text in options["header"])
        return PageRequest(
            method=options["method"],
            path=decode_path(parts.path.encode() or b"/", quoted=True),
            query=decode_query(parts.query),
            headers=headers,
            id=new_id(),
        )
    except BadPath as error:
        raise VerbEnd(EXIT_USAGE, "usage", f"{options['url'][:200]!r} is no address") from error


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not text.isprintable():
        raise VerbEnd(EXIT_USAGE, "usage", f"{text[:80]!r} is not of the form 'Name: value'")
    return name.strip().lower(), value.strip()


def _values(request: PageRequest, closer: Closer, shut: dict[str, str]) -> dict[str, Any]:
    reply = closer.reply
    return {
        "commit": closer.commit,
        "request": {"method": request.method, "path": request.path, "query": request.query},
        "status": reply.status if reply else None,
        "headers": [list(each) for each in reply.headers] if reply else [],
        "bytes": _size(reply),
        "route": closer.route,
        "milliseconds": {name: _milliseconds(took) for name, took in closer.seconds.items()},
        "facts": [
            {"kind": each.kind, "asked": each.asked, "answer": each.answer} for each in closer.facts
        ],
        "proposals": [_fate(each) for each in closer.fates],
        "failures": [{"by": by, "reason": reason} for by, reason in closer.failures],
        "workers": [_used(each) for each in closer.used],
        "shut": shut,
    }


def _text(request: PageRequest, closer: Closer, shut: dict[str, str]) -> str:
    reply = closer.reply
    status = f"{reply.status}, {_size(reply)} bytes" if reply else "no page could be written"
    lines = [f"{request.method} {request.path} at {closer.commit[:10]}: {status}"]
    lines += [f"route {closer.route}"] if closer.route else []
    took = (f"{name} {_milliseconds(seconds)} ms" for name, seconds in closer.seconds.items())
    lines += ["took", f"  {', '.join(took)}", "read"]
    lines += [f"  {each.kind} {each.asked}: {each.answer[:FACT]}" for each in closer.facts]
    lines += _section("accepted", [f"{f.by}: {line(f.proposal)}" for f in _accepted(closer)])
    dropped = (each for each in closer.fates if each.reason)
    lines += _section(
        "dropped", [f"{f.by}: {line(f.proposal)}\n    because {f.reason}" for f in dropped]
    )
    lines += _section("failed", [f"{by}: {reason}" for by, reason in closer.failures])
    lines += _section("workers", [_worker(each) for each in closer.used])
    lines += _section("left out on this site", [f"{key}: {why}" for key, why in shut.items()])
    return "\n".join(lines)


def _section(name: str, lines: list[str]) -> list[str]:
    return [name, *(f"  {each}" for each in lines)] if lines else []


def _accepted(closer: Closer) -> list[Fate]:
    return [each for each in closer.fates if not each.reason]


def _fate(fate: Fate) -> dict[str, Any]:
    state = "dropped" if fate.reason else "accepted"
    return {"by": fate.by, "proposal": line(fate.proposal), "state": state, "reason": fate.reason}


def _used(used: Used) -> dict[str, Any]:
    peak = None if math.isnan(used.peak_bytes) else int(used.peak_bytes)
    spent = None if math.isnan(used.cpu_seconds) else _milliseconds(used.cpu_seconds)
    return {
        "worker": used.worker,
        "calls": used.calls,
        "cpu_milliseconds": spent,
        "peak_bytes": peak,
    }


def _worker(used: Used) -> str:
    """Nobody knows what one that was killed has used."""
    told = [f"{used.calls} calls"]
    if not math.isnan(used.cpu_seconds):
        told.append(f"{_milliseconds(used.cpu_seconds)} ms of the processor")
    if not math.isnan(used.peak_bytes):
        told.append(f"{used.peak_bytes / 2**20:.1f} MiB at most")
    return f"{used.worker}: {', '.join(told)}"


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _size(reply: Reply | None) -> int:
    return int(reply.header("content-length") or 0) if reply else 0
