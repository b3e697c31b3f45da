"""RFC 9110 section 13 as a table: what is asked of one representation, and the answer's status.

Words in capitals stand for what a representation has: its tag, that of its Brotli coding, its date
in three forms, an earlier and a later one, its size in bytes.
"""

import time
from dataclasses import dataclass

from apps.delivery.http.dates import http_date, read_date

Asked = dict[str, str]
CASES: list[tuple[int, Asked]] = [
    (200, {}),
    # If-None-Match, by weak comparison.
    (304, {"if_none_match": "TAG"}),
    (304, {"if_none_match": "W/TAG"}),
    (304, {"if_none_match": '"a", TAG'}),
    (304, {"if_none_match": '"a",W/TAG,"b"'}),
    (304, {"if_none_match": "*"}),
    (200, {"if_none_match": '"a"'}),
    (200, {"if_none_match": ""}),
    (200, {"if_none_match": "BARE"}),
    (200, {"if_none_match": "BR"}),
    # If-Modified-Since: the very same date alone.
    (304, {"if_modified_since": "DATE"}),
    (304, {"if_modified_since": "LONG"}),
    (304, {"if_modified_since": "C"}),
    (200, {"if_modified_since": "EARLIER"}),
    (200, {"if_modified_since": "LATER"}),
    (200, {"if_modified_since": "yesterday"}),
    (200, {"if_modified_since": "DATE, DATE"}),
    # It is ignored with If-None-Match, even one that is empty.
    (200, {"if_none_match": '"a"', "if_modified_since": "DATE"}),
    (200, {"if_none_match": "", "if_modified_since": "DATE"}),
    (304, {"if_none_match": "TAG", "if_modified_since": "EARLIER"}),
    # If-Match, by strong comparison.
    (200, {"if_match": "TAG"}),
    (200, {"if_match": '"a", TAG'}),
    (200, {"if_match": "*"}),
    (412, {"if_match": "W/TAG"}),
    (412, {"if_match": '"a"'}),
    (412, {"if_match": ""}),
    (412, {"if_match": "BR"}),
    # If-Unmodified-Since: not later; ignored with If-Match and where it is no date.
    (200, {"if_unmodified_since": "DATE"}),
    (200, {"if_unmodified_since": "LATER"}),
    (412, {"if_unmodified_since": "EARLIER"}),
    (200, {"if_unmodified_since": "yesterday"}),
    (200, {"if_match": "TAG", "if_unmodified_since": "EARLIER"}),
    (412, {"if_match": '"a"', "if_unmodified_since": "LATER"}),
    # The order of section 13.2.2.
    (412, {"if_match": '"a"', "if_none_match": "TAG"}),
    (304, {"if_match": "TAG", "if_none_match": "TAG"}),
    (412, {"if_unmodified_since": "EARLIER", "if_none_match": "TAG"}),
    (412, {"if_unmodified_since": "EARLIER", "if_modified_since": "DATE"}),
    (304, {"if_unmodified_since": "DATE", "if_modified_since": "DATE"}),
    (304, {"if_none_match": "TAG", "range": "bytes=0-1"}),
    (412, {"if_match": '"a"', "range": "bytes=0-1"}),
    (206, {"if_match": "TAG", "range": "bytes=0-1"}),
    (206, {"if_none_match": '"a"', "range": "bytes=0-1"}),
    (304, {"if_modified_since": "DATE", "range": "bytes=0-1"}),
    # Ranges.
    (206, {"range": "bytes=0-1"}),
    (206, {"range": "bytes=-1"}),
    (206, {"range": "bytes=0-1000000000"}),
    (206, {"range": "BYTES=0-1"}),
    (416, {"range": "bytes=SIZE-"}),
    (416, {"range": "bytes=-0"}),
    (200, {"range": "bytes=0-1,3-4"}),
    (200, {"range": "bytes=1-0"}),
    (200, {"range": "lines=0-1"}),
    (200, {"range": "bytes"}),
    # If-Range: a strong tag of the very representation, never a date.
    (206, {"range": "bytes=0-1", "if_range": "TAG"}),
    (206, {"range": "bytes=0-1", "if_range": " TAG "}),
    (200, {"range": "bytes=0-1", "if_range": "W/TAG"}),
    (200, {"range": "bytes=0-1", "if_range": '"a"'}),
    (200, {"range": "bytes=0-1", "if_range": '"a", TAG'}),
    (200, {"range": "bytes=0-1", "if_range": "*"}),
    (200, {"range": "bytes=0-1", "if_range": "DATE"}),
    (200, {"range": "bytes=0-1", "if_range": ""}),
    (200, {"range": "bytes=SIZE-", "if_range": '"a"'}),
    (200, {"if_range": "TAG"}),
    # In a coding, that one's tag counts.
    (304, {"accept_encoding": "br", "if_none_match": "BR"}),
    (304, {"accept_encoding": "br", "if_none_match": "TAG, BR"}),
    (200, {"accept_encoding": "br", "if_none_match": "TAG"}),
    (304, {"accept_encoding": "br;q=0", "if_none_match": "TAG"}),
    (206, {"accept_encoding": "br", "range": "bytes=0-1", "if_range": "BR"}),
    (200, {"accept_encoding": "br", "range": "bytes=0-1", "if_range": "TAG"}),
    (304, {"accept_encoding": "br", "if_modified_since": "DATE"}),
    (412, {"accept_encoding": "br", "if_match": "TAG"}),
]


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody knows who has the representation."""

    tag: str
    date: str
    size: int
    br: str = '"none-br"'

    def told(self, asked: Asked) -> Asked:
        words = self._words()
        return {name: words.get(value) or _filled(value, words) for name, value in asked.items()}

    def _words(self) -> dict[str, str]:
        moment = read_date(self.date, 2026)
        assert moment is not None
        at = time.gmtime(moment)
        return {
            "EARLIER": http_date(moment - 1) or "",
            "LATER": http_date(moment + 1) or "",
            "DATE": self.date,
            "LONG": time.strftime("%A, %d-%b-%y %H:%M:%S GMT", at),
            "C": time.strftime(f"%a %b {at.tm_mday:2} %H:%M:%S %Y", at),
            "BARE": self.tag.strip('"'),
            "TAG": self.tag,
            "BR": self.br,
            "SIZE": str(self.size),
        }


def _filled(text: str, words: dict[str, str]) -> str:
    for word in ("DATE", "TAG", "BR", "SIZE"):
        text = text.replace(word, words[word])
    return text
