"""What XML cannot hold is kept out of XML, and out of nothing else."""

from apps.delivery import xml

PLANES = 17
OF_XML = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
"""From and to, as XML 1.0 (2.2) has them."""


def is_of_xml(code: int) -> bool:
    return any(first <= code <= last for first, last in OF_XML)


def test_all_characters_of_xml_stay_and_no_other() -> None:
    beyond = (plane << 16 | end for plane in range(1, PLANES) for end in (0, 0xFFFE, 0xFFFF))
    codes = [*range(0x10000), *beyond]
    left = xml.fit("".join(map(chr, codes)), "application/atom+xml")
    assert left == "".join(chr(code) for code in codes if is_of_xml(code))


def test_what_is_no_xml_stays_as_it_is() -> None:
    assert xml.fit("a\x00", "text/html; charset=utf-8") == "a\x00"
