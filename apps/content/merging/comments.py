"""The comments in a part of a header, as they are compared when its form changed. Pure."""

from apps.content.merging.tree import Item, Leaf, Node


def comments(item: Item | None) -> tuple[str, ...]:
    """Around an item and in it, without where they stand."""
    if item is None:
        return ()
    return (*_of_text(item.before), *inner_comments(item.node), *_of_text(item.gap + item.after))


def inner_comments(node: Node) -> tuple[str, ...]:
    """Of a collection that is taken as a whole it is not known which signs begin a comment, so
    that any does."""
    if isinstance(node, Leaf):
        return () if not isinstance(node.value, dict | list) else _of_text(node.text)
    inside = (each for item in node.items for each in comments(item))
    return (*_of_text(node.opening), *inside, *_of_text(node.closing))


def _of_text(text: str) -> tuple[str, ...]:
    lines = (line.partition("#") for line in text.splitlines())
    return tuple(rest.strip() for _, sign, rest in lines if sign)
