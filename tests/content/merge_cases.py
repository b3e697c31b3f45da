"""Three-way merges with what must come of them: (name, base, ours, theirs, expected)."""

from typing import NamedTuple

from apps.content.merging.parts import Form


def yaml(*lines: str, body: str = "Text\n") -> str:
    return "\n".join(("---", *lines, "---", body))


def toml(*lines: str, body: str = "Text\n") -> str:
    return "\n".join(("+++", *lines, "+++", body))


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


class Case(NamedTuple):
    name: str
    base: str | None
    ours: str
    theirs: str
    expected: str
    form: Form = Form.DOCUMENT


class Clash(NamedTuple):
    """`at` names the places that conflict, and what base, ours and theirs have there."""

    name: str
    base: str | None
    ours: str
    theirs: str
    at: list[tuple[str, str | None, str | None, str | None]]
    form: Form = Form.DOCUMENT


TAGS = yaml("title: A", "tags: [a, b]", "draft: true")
LISTED = yaml("tags:", "  - a", "  - b", "title: A")
NESTED = yaml("extra:", "  image: a.png", "  toc: true", "title: A")
TABLES = toml('title = "A"', 'tags = ["a", "b"]', "", "[extra]", "toc = true", 'image = "a.png"')
OBJECT = '{\n  "title": "A",\n  "tags": ["a"],\n  "extra": {"toc": true}\n}\nText\n'
PARAGRAPHS = "One is here.\n\nTwo is here.\n\nThree is here.\n"
WRAPPED = "Line one\nline two\nline three\n\nEnd\n"

YAML_CASES = [
    Case(
        "each side changes another key",
        TAGS,
        TAGS.replace("title: A", "title: B"),
        TAGS.replace("true", "false"),
        yaml("title: B", "tags: [a, b]", "draft: false"),
    ),
    Case(
        "neighbouring keys changed",
        yaml("a: 1", "b: 1"),
        yaml("a: 2", "b: 1"),
        yaml("a: 1", "b: 2"),
        yaml("a: 2", "b: 2"),
    ),
    Case(
        "both add keys at the end",
        yaml("title: A"),
        yaml("title: A", "weight: 3"),
        yaml("title: A", "image: x.png"),
        yaml("title: A", "image: x.png", "weight: 3"),
    ),
    Case(
        "both add the same key with one value",
        yaml("title: A"),
        yaml("title: A", "weight: 3"),
        yaml("title: A", "weight: 3"),
        yaml("title: A", "weight: 3"),
    ),
    Case(
        "both add one key, quoted differently",
        yaml("title: A"),
        yaml("title: A", "slug: 'x'"),
        yaml("title: A", "lang: de", "slug: x"),
        yaml("title: A", "lang: de", "slug: x"),
    ),
    Case(
        "both make the same change, one more",
        TAGS,
        TAGS.replace("true", "false"),
        TAGS.replace("true", "false").replace("title: A", "title: B"),
        yaml("title: B", "tags: [a, b]", "draft: false"),
    ),
    Case(
        "one removes a key, the other changes the next",
        yaml("a: 1", "b: 1", "c: 1"),
        yaml("a: 1", "c: 1"),
        yaml("a: 1", "b: 1", "c: 2"),
        yaml("a: 1", "c: 2"),
    ),
    Case(
        "both remove the same key",
        yaml("a: 1", "b: 1", "c: 1"),
        yaml("a: 1", "c: 1"),
        yaml("a: 2", "c: 1"),
        yaml("a: 2", "c: 1"),
    ),
    Case(
        "one reorders keys, the other changes one",
        yaml("a: 1", "b: 1", "c: 1"),
        yaml("c: 1", "a: 1", "b: 1"),
        yaml("a: 1", "b: 2", "c: 1"),
        yaml("c: 1", "a: 1", "b: 2"),
    ),
    Case(
        "a new key stands where its side put it",
        yaml("a: 1", "b: 1", "c: 1"),
        yaml("a: 1", "new: x", "b: 1", "c: 1"),
        yaml("a: 1", "b: 1", "c: 2"),
        yaml("a: 1", "new: x", "b: 1", "c: 2"),
    ),
    Case(
        "unknown keys of both stay",
        yaml("title: A", "x-mine: {odd: [1, {deep: yes}]}"),
        yaml("title: B", "x-mine: {odd: [1, {deep: yes}]}"),
        yaml("title: A", "x-mine: {odd: [1, {deep: yes}]}", "x-theirs: !!str 5"),
        yaml("title: B", "x-mine: {odd: [1, {deep: yes}]}", "x-theirs: !!str 5"),
    ),
    Case(
        "comments stay with their keys",
        yaml("# about the title", "title: A # short", "# about the draft", "draft: true"),
        yaml("# about the title", "title: B # short", "# about the draft", "draft: true"),
        yaml("# about the title", "title: A # short", "# still a draft", "draft: false"),
        yaml("# about the title", "title: B # short", "# still a draft", "draft: false"),
    ),
    Case(
        "one adds a comment, the other changes the value",
        yaml("title: A"),
        yaml("title: A # not final"),
        yaml("title: B"),
        yaml("title: B # not final"),
    ),
    Case(
        "a comment below the last key stays",
        yaml("title: A", "# weight: 3"),
        yaml("title: B", "# weight: 3"),
        yaml("title: A", "lang: de", "# weight: 3"),
        yaml("title: B", "lang: de", "# weight: 3"),
    ),
    Case(
        "quotes stay as they are",
        yaml("title: 'A'", 'slug: "s"', "weight: 03"),
        yaml("title: 'B'", 'slug: "s"', "weight: 03"),
        yaml("title: 'A'", 'slug: "t"', "weight: 03"),
        yaml("title: 'B'", 'slug: "t"', "weight: 03"),
    ),
    Case(
        "one changes quotes, the other the value",
        yaml("title: A"),
        yaml('title: "A"'),
        yaml("title: B"),
        yaml("title: B"),
    ),
    Case(
        "nested maps by key",
        NESTED,
        NESTED.replace("a.png", "b.png"),
        NESTED.replace("true", "false"),
        yaml("extra:", "  image: b.png", "  toc: false", "title: A"),
    ),
    Case(
        "keys added to a nested map by both",
        NESTED,
        NESTED.replace("toc: true", "toc: true\n  one: 1"),
        NESTED.replace("toc: true", "toc: true\n  two: 2"),
        yaml("extra:", "  image: a.png", "  toc: true", "  one: 1", "  two: 2", "title: A"),
    ),
    Case(
        "both add a map of one name",
        yaml("title: A"),
        yaml("title: A", "extra:", "  one: 1"),
        yaml("title: A", "extra:", "  two: 2"),
        yaml("title: A", "extra:", "  one: 1", "  two: 2"),
    ),
    Case(
        "one indents further, the other adds",
        NESTED,
        yaml("extra:", "    image: a.png", "    toc: true", "title: A"),
        NESTED.replace("toc: true", "toc: true\n  more: x"),
        yaml("extra:", "    image: a.png", "    toc: true", "    more: x", "title: A"),
    ),
    Case(
        "one writes a map in brackets, the other adds to it",
        NESTED,
        yaml("extra: {image: a.png, toc: true}", "title: A"),
        NESTED.replace("toc: true", "toc: true\n  more: x y"),
        yaml("extra: {image: a.png, toc: true, more: x y}", "title: A"),
    ),
    Case(
        "one indents less, the other adds a list",
        yaml("extra:", "    list:", "        - a", "    toc: true", "title: A"),
        yaml("extra:", "  list:", "    - a", "  toc: true", "title: A"),
        yaml("extra:", "    list:", "        - a", "        - b", "    toc: true", "title: A"),
        yaml("extra:", "  list:", "    - a", "    - b", "  toc: true", "title: A"),
    ),
    Case(
        "both change blank lines and values",
        yaml("a: 1", "b: 1", "c: 1"),
        yaml("a: 2", "", "b: 1", "c: 1"),
        yaml("a: 1", "", "", "b: 1", "c: 2"),
        yaml("a: 2", "", "b: 1", "c: 2"),
    ),
    Case(
        "comments of several lines",
        yaml("# one", "# two", "# three", "a: 1", "b: 1"),
        yaml("# ONE", "# two", "# three", "a: 2", "b: 1"),
        yaml("# one", "# two", "# THREE", "a: 1", "b: 2"),
        yaml("# ONE", "# two", "# THREE", "a: 2", "b: 2"),
    ),
    Case(
        "a block of text by line",
        yaml("about: |", "  one", "  two", "  three", "title: A"),
        yaml("about: |", "  ONE", "  two", "  three", "title: A"),
        yaml("about: |", "  one", "  two", "  THREE", "title: B"),
        yaml("about: |", "  ONE", "  two", "  THREE", "title: B"),
    ),
    Case(
        "a list of maps is left to lines",
        yaml("files:", "  - src: a", "    name: A", "  - src: b", "  - src: c", "title: A"),
        yaml("files:", "  - src: a", "    name: X", "  - src: b", "  - src: c", "title: B"),
        yaml("files:", "  - src: a", "    name: A", "  - src: b", "  - src: z", "title: A"),
        yaml("files:", "  - src: a", "    name: X", "  - src: b", "  - src: z", "title: B"),
    ),
    Case(
        "an emptied map is still a map",
        NESTED,
        NESTED.replace("  toc: true\n", ""),
        NESTED.replace("  image: a.png\n", ""),
        yaml("extra: {}", "title: A"),
    ),
    Case(
        "a value becomes a map on one side",
        yaml("image: a.png", "title: A"),
        yaml("image:", "  src: a.png", "title: A"),
        yaml("image: a.png", "title: B"),
        yaml("image:", "  src: a.png", "title: B"),
    ),
    Case(
        "a date on one side, its form on the other",
        yaml("date: 2026-01-01", "title: A"),
        yaml("date: 2026-01-02", "title: A"),
        yaml('date: "2026-01-01"', "title: B"),
        yaml("date: 2026-01-02", "title: B"),
    ),
]

TAG_CASES = [
    Case(
        "both add a tag",
        TAGS,
        TAGS.replace("b]", "b, y]"),
        TAGS.replace("b]", "b, x]"),
        TAGS.replace("b]", "b, x, y]"),
    ),
    Case(
        "both add the same tag",
        TAGS,
        TAGS.replace("b]", "b, x]"),
        TAGS.replace("[a", "[x, a"),
        TAGS.replace("b]", "b, x]"),
    ),
    Case(
        "one adds a tag, the other removes one",
        TAGS,
        TAGS.replace("b]", "b, x]"),
        TAGS.replace("a, ", ""),
        TAGS.replace("a, b", "b, x"),
    ),
    Case(
        "both remove the same tag",
        TAGS,
        TAGS.replace("a, ", "").replace("true", "false"),
        TAGS.replace("a, b", "b, c"),
        TAGS.replace("a, b", "b, c").replace("true", "false"),
    ),
    Case(
        "each removes another tag",
        TAGS,
        TAGS.replace("a, ", ""),
        TAGS.replace(", b", ""),
        TAGS.replace("a, b", ""),
    ),
    Case(
        "one renames a tag, the other adds one",
        TAGS,
        TAGS.replace("[a", "[alpha"),
        TAGS.replace("b]", "b, c]"),
        TAGS.replace("[a, b]", "[alpha, b, c]"),
    ),
    Case(
        "one sorts the tags, the other adds one",
        yaml("tags: [b, c, a]"),
        yaml("tags: [a, b, c]"),
        yaml("tags: [b, c, x, a]"),
        yaml("tags: [a, b, c, x]"),
    ),
    Case(
        "tags a line each",
        LISTED,
        LISTED.replace("  - b", "  - b\n  - x"),
        LISTED.replace("  - a\n", ""),
        yaml("tags:", "  - b", "  - x", "title: A"),
    ),
    Case(
        "tags with comments",
        yaml("tags:", "- a # first", "# the second", "- b", "title: A"),
        yaml("tags:", "- a # first", "# the second", "- b", "- c # new", "title: A"),
        yaml("tags:", "- a # first", "# the second", "- b # really", "title: A"),
        yaml("tags:", "- a # first", "# the second", "- b # really", "- c # new", "title: A"),
    ),
    Case(
        "one writes tags a line each, the other adds one",
        TAGS,
        TAGS.replace("tags: [a, b]", "tags:\n  - a\n  - b"),
        TAGS.replace("b]", "b, 'x, y']"),
        TAGS.replace("tags: [a, b]", 'tags:\n  - a\n  - b\n  - "x, y"'),
    ),
    Case(
        "one writes tags in brackets, the other adds one",
        LISTED,
        yaml("tags: [a, b]", "title: A"),
        LISTED.replace("  - b", "  - b\n  - 'x, y'"),
        yaml('tags: [a, b, "x, y"]', "title: A"),
    ),
    Case(
        "both add tags where there were none",
        yaml("title: A"),
        yaml("title: A", "tags: [a]"),
        yaml("title: A", "tags: [b]"),
        yaml("title: A", "tags: [a, b]"),
    ),
    Case(
        "both fill an empty list",
        yaml("tags:", "title: A"),
        yaml("tags: [a]", "title: A"),
        yaml("tags: [b]", "title: A"),
        yaml("tags: [a, b]", "title: A"),
    ),
    Case(
        "tags over several lines in brackets",
        yaml("tags: [", "  a, # first", "  b,", "]"),
        yaml("tags: [", "  a, # first", "  b,", "  c,", "]"),
        yaml("tags: [", "  z,", "  a, # first", "  b,", "]"),
        yaml("tags: [", "  z,", "  a, # first", "  b,", "  c,", "]"),
    ),
    Case(
        "tags in a nested map",
        toml("[taxonomies]", 'tags = ["a"]'),
        toml("[taxonomies]", 'tags = ["a", "b"]'),
        toml("[taxonomies]", 'tags = ["a", "c"]'),
        toml("[taxonomies]", 'tags = ["a", "b", "c"]'),
    ),
    Case(
        "numbers and texts are different tags",
        yaml("tags: [2024]"),
        yaml("tags: [2024, '2024']"),
        yaml("tags: [2024, rust]"),
        yaml("tags: [2024, '2024', rust]"),
    ),
    Case(
        "both only add numbers",
        yaml("years: [2020]"),
        yaml("years: [2020, 2021]"),
        yaml("years: [2019, 2020]"),
        yaml("years: [2019, 2020, 2021]"),
    ),
]

FORMAT_CASES = [
    Case(
        "TOML by key",
        TABLES,
        TABLES.replace('"A"', '"B"'),
        TABLES.replace("toc = true", "toc = false"),
        TABLES.replace('"A"', '"B"').replace("toc = true", "toc = false"),
    ),
    Case(
        "TOML: both add to one table",
        TABLES,
        TABLES.replace('"a.png"', '"a.png"\none = 1'),
        TABLES.replace('"a.png"', '"a.png"\ntwo = 2'),
        TABLES.replace('"a.png"', '"a.png"\none = 1\ntwo = 2'),
    ),
    Case(
        "TOML: a key stays above a new table",
        toml('title = "A"'),
        toml('title = "A"', "draft = true"),
        toml('title = "A"', "", "[extra]", "x = 1"),
        toml('title = "A"', "draft = true", "", "[extra]", "x = 1"),
    ),
    Case(
        "TOML: dotted keys, comments, several lines",
        toml("# top", "a.b = 1 # one", "a.c = 2", "list = [", '  "x", # first', "]"),
        toml("# top", "a.b = 3 # one", "a.c = 2", "list = [", '  "x", # first', "]"),
        toml("# top", "a.b = 1 # one", "a.c = 4", "list = [", '  "x", # first', '  "y",', "]"),
        toml("# top", "a.b = 3 # one", "a.c = 4", "list = [", '  "x", # first', '  "y",', "]"),
    ),
    Case(
        "TOML: an inline table by key",
        toml('author = { name = "A", mail = "a@b" }', "x = 1"),
        toml('author = { name = "B", mail = "a@b" }', "x = 1"),
        toml('author = { name = "A", mail = "c@d" }', "x = 1"),
        toml('author = { name = "B", mail = "c@d" }', "x = 1"),
    ),
    Case(
        "TOML: tables in an array by line",
        toml("[[links]]", 'u = "a"', "", "[[links]]", 'u = "b"', "", "[z]", "y = 1"),
        toml("[[links]]", 'u = "x"', "", "[[links]]", 'u = "b"', "", "[z]", "y = 1"),
        toml("[[links]]", 'u = "a"', "", "[[links]]", 'u = "z"', "", "[z]", "y = 2"),
        toml("[[links]]", 'u = "x"', "", "[[links]]", 'u = "z"', "", "[z]", "y = 2"),
    ),
    Case(
        "JSON by key",
        OBJECT,
        OBJECT.replace('"A"', '"B"'),
        OBJECT.replace("true", "false"),
        OBJECT.replace('"A"', '"B"').replace("true", "false"),
    ),
    Case(
        "JSON: both add a key at the end",
        OBJECT,
        OBJECT.replace("}\n}", '},\n  "one": 1\n}'),
        OBJECT.replace("}\n}", '},\n  "two": 2\n}'),
        OBJECT.replace("}\n}", '},\n  "one": 1,\n  "two": 2\n}'),
    ),
    Case(
        "JSON on one line",
        '{"title": "A", "tags": ["a"]}\nText\n',
        '{"title": "B", "tags": ["a"]}\nText\n',
        '{"title": "A", "tags": ["a", "b"]}\nText\n',
        '{"title": "B", "tags": ["a", "b"]}\nText\n',
    ),
    Case(
        "JSON: the last key goes",
        OBJECT,
        OBJECT.replace(',\n  "extra": {"toc": true}', ""),
        OBJECT.replace('["a"]', '["a", "b"]'),
        '{\n  "title": "A",\n  "tags": ["a", "b"]\n}\nText\n',
    ),
    Case(
        "one turns YAML into TOML, the other edits",
        TAGS,
        toml('title = "A"', 'tags = ["a", "b"]', "draft = true"),
        yaml("title: B # new", "tags: [a, b, c]", "draft: true", "date: 2026-01-01"),
        toml('title = "B" # new', 'tags = ["a", "b", "c"]', "draft = true", "date = 2026-01-01"),
    ),
    Case(
        "one turns TOML into YAML, the other edits a table",
        TABLES,
        yaml("title: A", "tags:", "  - a", "  - b", "extra:", "  toc: true", "  image: a.png"),
        TABLES.replace("toc = true", "toc = false").replace('"b"', '"b", "c"'),
        yaml(
            *("title: A", "tags:", "  - a", "  - b", "  - c"),
            *("extra:", "  toc: false", "  image: a.png"),
        ),
    ),
    Case(
        "one turns YAML into JSON, the other edits",
        TAGS,
        '{"title": "A", "tags": ["a", "b"], "draft": true}\nText\n',
        TAGS.replace("title: A", "title: 'B'").replace("Text", "Other text"),
        '{"title": "B", "tags": ["a", "b"], "draft": true}\nOther text\n',
    ),
    Case(
        "one turns YAML into TOML, the other adds all kinds of values",
        yaml("a: 1", "b: x"),
        toml("a = 1", 'b = "x"'),
        yaml("a: 1", "b: y", "m: {k: [1, two], 'o p': true}", "d: '2026-01-01'", "# f", "f: 1.5"),
        toml(
            *("a = 1", 'b = "y"', 'm = {k = [1, "two"], "o p" = true}', 'd = "2026-01-01"'),
            *("# f", "f = 1.5"),
        ),
    ),
    Case(
        "one turns TOML into JSON, the other adds a list",
        toml('a = "x"'),
        '{\n  "a": "x"\n}\nText\n',
        toml('a = "x"', "d = 2026-01-01", 'l = ["ü", 1]'),
        '{\n  "a": "x",\n  "d": "2026-01-01",\n  "l": ["ü", 1]\n}\nText\n',
    ),
    Case(
        "both turn YAML into TOML",
        TAGS,
        toml('title = "A"', 'tags = ["a", "b"]', "draft = false"),
        toml('title = "B"', 'tags = ["a", "b"]', "draft = true"),
        toml('title = "B"', 'tags = ["a", "b"]', "draft = false"),
    ),
    Case(
        "one adds a header, the other edits the text",
        "Text\n",
        TAGS,
        "Other text\n",
        TAGS.replace("Text", "Other text"),
    ),
    Case(
        "one removes the header, the other edits the text",
        TAGS,
        "Text\n",
        TAGS.replace("Text", "Other text"),
        "Other text\n",
    ),
    Case(
        "both add the document, with other keys",
        None,
        yaml("title: A", "tags: [a]"),
        yaml("title: A", "tags: [b]", "draft: true"),
        yaml("title: A", "tags: [a, b]", "draft: true"),
    ),
    Case(
        "one mends a broken header, the other edits the text",
        yaml("title: A: B", body="One\n\nTwo\n"),
        yaml("title: 'A: B'", body="One\n\nTwo\n"),
        yaml("title: A: B", body="One\n\n2\n"),
        yaml("title: 'A: B'", body="One\n\n2\n"),
    ),
    Case(
        "a configuration",
        '[whispercms]\ntitle = "A"\nplugins = ["a"]\n',
        '[whispercms]\ntitle = "A"\nplugins = ["a", "b"]\n',
        '[whispercms]\ntitle = "B"\nplugins = ["a", "c"]\n\n[whispercms.settings.c]\nx = 1\n',
        '[whispercms]\ntitle = "B"\nplugins = ["a", "b", "c"]\n\n[whispercms.settings.c]\nx = 1\n',
        Form.TOML,
    ),
    Case(
        "a file of YAML without a last line break",
        "a: 1\nb: 2",
        "a: 1\nb: 2\nc: 3",
        "a: 1\nb: 2\nd: 4\n",
        "a: 1\nb: 2\nc: 3\nd: 4\n",
        Form.YAML,
    ),
]

BODY_CASES = [
    Case(
        "each side edits another paragraph",
        PARAGRAPHS,
        PARAGRAPHS.replace("One", "1"),
        PARAGRAPHS.replace("Three", "3"),
        PARAGRAPHS.replace("One", "1").replace("Three", "3"),
    ),
    Case(
        "one edits a paragraph, the other adds one behind it",
        PARAGRAPHS,
        PARAGRAPHS.replace("Three", "3"),
        PARAGRAPHS + "\nFour\n",
        PARAGRAPHS.replace("Three", "3") + "\nFour\n",
    ),
    Case(
        "one edits a paragraph, the other adds one before it",
        PARAGRAPHS,
        PARAGRAPHS.replace("One", "1"),
        "Zero\n\n" + PARAGRAPHS,
        "Zero\n\n" + PARAGRAPHS.replace("One", "1"),
    ),
    Case(
        "one removes a paragraph, the other edits the next",
        PARAGRAPHS,
        PARAGRAPHS.replace("One is here.\n\n", ""),
        PARAGRAPHS.replace("Two", "2"),
        "2 is here.\n\nThree is here.\n",
    ),
    Case(
        "one moves a paragraph, the other edits it",
        PARAGRAPHS,
        "Three is here.\n\nOne is here.\n\nTwo is here.\n",
        PARAGRAPHS.replace("Three is here", "Three is right here"),
        "Three is right here.\n\nOne is here.\n\nTwo is here.\n",
    ),
    Case(
        "neighbouring lines of one paragraph",
        WRAPPED,
        WRAPPED.replace("one", "1"),
        WRAPPED.replace("two", "2"),
        WRAPPED.replace("one", "1").replace("two", "2"),
    ),
    Case(
        "neighbouring items of a list",
        "- a\n- b\n- c\n",
        "- A\n- b\n- c\n",
        "- a\n- B\n- c\n",
        "- A\n- B\n- c\n",
    ),
    Case(
        "both add the same paragraph, one edits another",
        PARAGRAPHS,
        PARAGRAPHS + "\nFour\n",
        PARAGRAPHS.replace("Three", "3") + "\nFour\n",
        PARAGRAPHS.replace("Three", "3") + "\nFour\n",
    ),
    Case(
        "one splits a paragraph, the other edits its end",
        WRAPPED,
        WRAPPED.replace("one\n", "one\n\n"),
        WRAPPED.replace("three", "3"),
        WRAPPED.replace("one\n", "one\n\n").replace("three", "3"),
    ),
    Case(
        "header and text on either side",
        TAGS,
        TAGS.replace("title: A", "title: B"),
        TAGS.replace("Text", "Other"),
        TAGS.replace("title: A", "title: B").replace("Text", "Other"),
    ),
    Case(
        "a rule in the text is no fence",
        yaml("a: 1", body="One\n\n---\n\nTwo\n"),
        yaml("a: 2", body="One\n\n---\n\nTwo\n"),
        yaml("a: 1", body="One\n\n---\n\n2\n"),
        yaml("a: 2", body="One\n\n---\n\n2\n"),
    ),
    Case("the last line break is added", "One\n\nTwo", "One\n\nTwo\n", "1\n\nTwo", "1\n\nTwo\n"),
    Case(
        "one strips trailing spaces, the other edits the line",
        "One \n\nTwo\n",
        "One\n\nTwo\n",
        "One more \n\nTwo\n",
        "One more \n\nTwo\n",
    ),
    Case(
        "a file that is no document", "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", Form.TEXT
    ),
    Case(
        "bytes that are no UTF-8",
        "caf\udce9\n\nb\n",
        "caf\udce9!\n\nb\n",
        "caf\udce9\n\nB\n",
        "caf\udce9!\n\nB\n",
    ),
]

BREAK_CASES = [
    Case(
        "Windows line breaks stay",
        windows(TAGS),
        windows(TAGS.replace("title: A", "title: B")),
        windows(TAGS.replace("b]", "b, c]")),
        windows(TAGS.replace("title: A", "title: B").replace("b]", "b, c]")),
    ),
    Case(
        "one turns to Windows line breaks, the other edits",
        TAGS,
        windows(TAGS),
        TAGS.replace("title: A", "title: B").replace("Text", "Other"),
        windows(TAGS.replace("title: A", "title: B").replace("Text", "Other")),
    ),
    Case(
        "one turns from Windows line breaks, the other edits",
        windows(TABLES),
        TABLES,
        windows(TABLES.replace('"A"', '"B"')),
        TABLES.replace('"A"', '"B"'),
    ),
    Case(
        "JSON with Windows line breaks",
        windows(OBJECT),
        windows(OBJECT.replace('"A"', '"B"')),
        windows(OBJECT.replace("true", "false")),
        windows(OBJECT.replace('"A"', '"B"').replace("true", "false")),
    ),
    Case(
        "mixed line breaks stay where they are",
        "one\r\n\ntwo\n\nthree\r\n",
        "1\r\n\ntwo\n\nthree\r\n",
        "one\r\n\ntwo\n\n3\r\n",
        "1\r\n\ntwo\n\n3\r\n",
    ),
    Case(
        "mixed line breaks, where lines are not enough",
        windows(TAGS) + "More\n",
        windows(TAGS.replace("b]", "b, c]")) + "More\n",
        windows(TAGS.replace("b]", "b, d]")) + "More\n",
        windows(TAGS.replace("b]", "b, c, d]") + "More\n"),
    ),
    Case(
        "one saves with a byte order mark",
        TAGS,
        "\ufeff" + TAGS,
        TAGS.replace("true", "false"),
        "\ufeff" + TAGS.replace("true", "false"),
    ),
]

CASES = [*YAML_CASES, *TAG_CASES, *FORMAT_CASES, *BODY_CASES, *BREAK_CASES]

CLASHES = [
    Clash(
        "one key, two values",
        TAGS,
        TAGS.replace("title: A", "title: B"),
        TAGS.replace("title: A", "title: C").replace("true", "false"),
        [("title", "A", "B", "C")],
    ),
    Clash(
        "a key removed and changed",
        TAGS,
        TAGS.replace("draft: true\n", ""),
        TAGS.replace("true", "false"),
        [("draft", "draft: true", None, "draft: false")],
    ),
    Clash(
        "a key added by both with other values",
        yaml("title: A"),
        yaml("title: A", "weight: 1"),
        yaml("title: A", "weight: 2"),
        [("weight", None, "1", "2")],
    ),
    Clash(
        "a nested key",
        NESTED,
        NESTED.replace("a.png", "b.png"),
        NESTED.replace("a.png", "c.png"),
        [("extra.image", "a.png", "b.png", "c.png")],
    ),
    Clash(
        "a tag list that became one text",
        TAGS,
        TAGS.replace("[a, b]", "a"),
        TAGS.replace("[a, b]", "[a, b, c]"),
        [("tags", "[a, b]", "a", "[a, b, c]")],
    ),
    Clash(
        "a place by two numbers",
        yaml("place: [1, 2]"),
        yaml("place: [1, 3]"),
        yaml("place: [4, 2]"),
        [("place", "[1, 2]", "[1, 3]", "[4, 2]")],
    ),
    Clash(
        "a comment that both changed",
        yaml("# one", "title: A"),
        yaml("# two", "title: A"),
        yaml("# three", "title: A"),
        [("title", "# one\n", "# two\n", "# three\n")],
    ),
    Clash(
        "TOML: a key in a table",
        TABLES,
        TABLES.replace("a.png", "b.png"),
        TABLES.replace("a.png", "c.png").replace('"A"', '"B"'),
        [("extra.image", '"a.png"', '"b.png"', '"c.png"')],
    ),
    Clash(
        "JSON: a key",
        OBJECT,
        OBJECT.replace('"A"', '"B"'),
        OBJECT.replace('"A"', '"C"'),
        [("title", '"A"', '"B"', '"C"')],
    ),
    Clash(
        "the header removed and changed",
        yaml("a: 1"),
        "Text\n",
        yaml("a: 2"),
        [("line 1", "---\na: 1\n---\n", None, "---\na: 2\n---\n")],
    ),
    Clash(
        "each turned the header into another format",
        yaml("a: 1"),
        toml("a = 1"),
        '{"a": 1}\nText\n',
        [("line 1", "---\na: 1\n---\n", "+++\na = 1\n+++\n", '{"a": 1}\n')],
    ),
    Clash(
        "nothing, which TOML cannot say",
        yaml("a: 1"),
        toml("a = 1"),
        yaml("a: 1", "b: ~"),
        [("line 1", "---\na: 1\n---\n", "+++\na = 1\n+++\n", "---\na: 1\nb: ~\n---\n")],
    ),
    Clash(
        "comments in a map that became TOML",
        yaml("m:", "  a: 1"),
        toml("[m]", "a = 1"),
        yaml("m:", "  # why", "  a: 1"),
        [
            (
                "line 1",
                "---\nm:\n  a: 1\n---\n",
                "+++\n[m]\na = 1\n+++\n",
                "---\nm:\n  # why\n  a: 1\n---\n",
            )
        ],
    ),
    Clash(
        "a text that would begin with half a header",
        yaml("a: 1"),
        "Text\n",
        yaml("a: 1", body="---\nb: 2\nText\n"),
        [("line 1", yaml("a: 1"), "Text\n", yaml("a: 1", body="---\nb: 2\nText\n"))],
    ),
    Clash(
        "a comment that JSON cannot hold",
        yaml("a: 1"),
        '{"a": 1}\nText\n',
        yaml("a: 1 # why"),
        [("line 1", "---\na: 1\n---\n", '{"a": 1}\n', "---\na: 1 # why\n---\n")],
    ),
    Clash(
        "one paragraph, two texts",
        PARAGRAPHS,
        PARAGRAPHS.replace("Two", "2"),
        PARAGRAPHS.replace("Two", "Zwei"),
        [("line 3", "Two is here.\n", "2 is here.\n", "Zwei is here.\n")],
    ),
    Clash(
        "two paragraphs at one place",
        PARAGRAPHS,
        PARAGRAPHS + "\nFour\n",
        PARAGRAPHS + "\nFive\n",
        [("line 7", "", "Four\n", "Five\n")],
    ),
    Clash(
        "a paragraph removed and edited, below a header",
        yaml("a: 1", body=PARAGRAPHS),
        yaml("a: 2", body=PARAGRAPHS.replace("\nTwo is here.\n", "")),
        yaml("a: 1", body=PARAGRAPHS.replace("Two is here", "Two is there")),
        [("line 6", "Two is here.\n\n", "", "Two is there.\n\n")],
    ),
    Clash(
        "only some lines of a paragraph",
        WRAPPED,
        WRAPPED.replace("Line one", "1").replace("three", "3"),
        WRAPPED.replace("three", "drei"),
        [("line 3", "line three\n", "line 3\n", "line drei\n")],
    ),
    Clash(
        "neighbouring lines of what is no document",
        "a\nb\n",
        "A\nb\n",
        "a\nB\n",
        [("line 1", "a\nb\n", "A\nb\n", "a\nB\n")],
        Form.TEXT,
    ),
    Clash(
        "a broken header",
        yaml("a: 1", "b: 1"),
        yaml("a: [", "b: 1"),
        yaml("a: 2", "b: 1"),
        [("line 2", "a: 1\n", "a: [\n", "a: 2\n")],
    ),
    Clash("binary", "\0a", "\0b", "\0c", [("file", "\0a", "\0b", "\0c")]),
    Clash(
        "secrets",
        "a: 1\nb: 1\n",
        "a: 2\nb: 1\n",
        "a: 1\nb: 2\n",
        [("file", "a: 1\nb: 1\n", "a: 2\nb: 1\n", "a: 1\nb: 2\n")],
        Form.WHOLE,
    ),
]
