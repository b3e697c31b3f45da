"""Breaks a text of YAML into the lines that it was written in before, where both agree. Pure."""


def refolded(text: str, written: str) -> str:
    """`text` is one line, `written` the value before it, where a line break reads as a space.

    Lines at the beginning and the end that say what they said stay; what is between is one line.
    """
    lines = written.split("\n")
    if not all(line.strip() for line in lines):
        return text
    head: list[str] = []
    tail: list[str] = []
    while len(lines) > 1 and text.startswith(f"{lines[0].strip()} "):
        head.append(lines.pop(0))
        text = text[len(head[-1].strip()) + 1 :]
    while len(lines) > 1 and text.endswith(f" {lines[-1].strip()}"):
        tail.insert(0, lines.pop())
        text = text[: -len(tail[0].strip()) - 1]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return "\n".join([*head, indent + text, *tail])
