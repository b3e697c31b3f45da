"""What software that knows nothing of us finds wrong with a feed or a map of a site."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
from jsonschema import Draft202012Validator
from lxml import etree

SCHEMAS = Path(__file__).with_name("schemas")
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def atom(text: str) -> list[str]:
    return _grammar("atom.rng", text) + feed(text)


def sitemap(text: str) -> list[str]:
    return _grammar("sitemap.rng", text)


def feed(text: str) -> list[str]:
    """By the reader that is known for reading any; what is not well formed is told."""
    read = feedparser.parse(text)
    return [str(read.bozo_exception)] if read.bozo else []


def rss(text: str) -> list[str]:
    """What RSS 2.0 requires, and the profile of the RSS Advisory Board wherever it says must."""
    channel = etree.fromstring(text.encode(), PARSER).find("channel")
    wrong = [
        f"no {name}" for name in ("title", "link", "description") if not channel.findtext(name)
    ]
    own = channel.find("{http://www.w3.org/2005/Atom}link")
    wrong += [] if own is not None and own.get("rel") == "self" else ["no address of its own"]
    guids = [item.findtext("guid") for item in channel.findall("item")]
    wrong += ["a guid is twice or missing"] if len({*guids} - {None}) != len(guids) else []
    for item in channel.findall("item"):
        if not (item.findtext("title") or item.findtext("description")):
            wrong.append("an item without title and description")
    entries = feedparser.parse(text).entries
    wrong += ["a date that is none" for entry in entries if not entry.published_parsed]
    return wrong + feed(text)


def jsonfeed(text: str) -> list[str]:
    schema = json.loads((SCHEMAS / "jsonfeed.json").read_text())
    found = Draft202012Validator(schema).iter_errors(json.loads(text))
    return [f"{each.json_path}: {each.message}" for each in found]


def _grammar(name: str, text: str) -> list[str]:
    grammar = _compiled(name)
    if grammar.validate(etree.fromstring(text.encode(), PARSER)):
        return []
    return [str(each) for each in grammar.error_log]


@cache
def _compiled(name: str) -> Any:
    return etree.RelaxNG(etree.parse(str(SCHEMAS / name)))
