from apps.content.rendering import Asciidoctor
from whispercms.prepared import Prepared


def test_what_was_found_is_handed_on_as_it_was() -> None:
    for program in (None, Asciidoctor("/usr/bin/asciidoctor", "2.0.18")):
        found = Prepared({"seccomp": "proved", "core": "missing: why"}, program)
        assert Prepared.of_text(found.as_text()) == found
