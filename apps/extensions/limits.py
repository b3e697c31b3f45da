"""Every bound on what extensions say, send and use."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

SOURCE_BYTES: Final = 256 * KIB
"""Of a plugin's main.lua."""
INSTRUCTIONS: Final = 2_000_000
LUA_MEMORY: Final = 16 * MIB
VM_CALLS: Final = 1000
"""After so many calls a VM is replaced."""
VM_BYTES: Final = 2 * MIB
"""A VM which holds more than this after a call is replaced."""

RESULT_DEPTH: Final = 12
RESULT_NODES: Final = 4000
RESULT_BYTES: Final = 64 * KIB
PROPOSALS: Final = 64
METADATA_KEY: Final = 64
HEADER_NAME: Final = 64
HEADER_VALUE: Final = 4 * KIB
SELECTOR: Final = 500
HEADERS_BYTES: Final = 4 * KIB
"""Of what plugins say in headers, at each of the two times when they may: proxies refuse a page
whose headers are larger than a few of their buffers."""
HTML_BYTES: Final = 16 * KIB
"""Of one argument of a transform."""
PATCH_OPERATIONS: Final = 64
"""Of one patch; its values together are bounded as a result is."""
POINTER: Final = 500
"""Bytes of a JSON Pointer in a patch."""
PATCHED_BYTES: Final = 4 * MIB
"""Of a page that was patched."""
PATCHING_WORK: Final = 500_000_000
"""Of one page, in units of which the costliest page and patch need about one per nanosecond."""
PATCH_PAGE_COST: Final = 100
"""For each byte of the page, by each patch."""
PATCH_VALUE_COST: Final = 500
"""For each byte of a patch."""
STATUS: Final = range(200, 600)
"""What may be proposed; 1xx is the server's own business."""
BODILESS: Final = frozenset({204, 205, 304})
"""Answers with these come without a page (RFC 9110), so no page can have them."""

ARGUMENT_BYTES: Final = 1000
"""Of a question about a document: a selector, a pattern, a pointer."""
ANSWER_BYTES: Final = 64 * KIB
ANSWERS_KEPT: Final = 100
"""Of one call: a question asked again costs nothing."""
MESSAGE_CHARACTERS: Final = 500
"""Of a message from a plugin or a template, for logs and people."""

TEMPLATE_BYTES: Final = 64 * KIB
TEMPLATES: Final = 200
TEMPLATE_FUEL: Final = 2_000_000
EXPRESSION_OPERATORS: Final = 250
BRANCHES: Final = 250
"""Of one `if`: each `elif` nests one deeper for the parser."""
OUTPUT_CHARACTERS: Final = 8 * MIB

FILE_BYTES: Final = MIB
"""Of one file of an extension."""
FILES: Final = 1000
"""Of one extension that is read from a folder."""
CASES: Final = 500
"""Of an extension's own tests."""
MANIFEST_BYTES: Final = 64 * KIB
MANIFEST_PROBLEMS: Final = 100
"""So many are told at a time."""
VERSION_CHARACTERS: Final = 100
ROUTES: Final = 100
BODIES: Final = 100
"""Items of one page of a list that has their texts."""
IMAGES: Final = 20
"""Kinds of renditions of one theme."""
IMAGE_WIDTHS: Final = 8
IMAGE_WIDTH: Final = range(16, 4097)
"""Pixels."""
IMAGE_SIZES: Final = 300
"""Characters of what a browser is told of the space for a picture."""
PICTURES: Final = 200
"""Of one page: files whose renditions its template may ask for."""
PICTURES_EACH: Final = 20
"""Of one document's front matter."""
PICTURE_CHARACTERS: Final = 500
"""Of the name of one."""
SETTING_LENGTH: Final = 10_000
"""Characters of a text, or items of a list."""
SETTINGS: Final = 100
"""Of one extension."""
NEEDS: Final = 50
"""Other extensions that one needs."""
CAPABILITIES: Final = 200
"""Granted to one extension."""
SOURCE_CHARACTERS: Final = 2000
"""Of where an extension was installed from."""
EXTENSION_BYTES: Final = 16 * MIB
"""All files of one extension that is installed."""
PACKED_BYTES: Final = 8 * MIB
"""Of one extension as one packed file."""
PACKED_TAR_BYTES: Final = 24 * MIB
"""Of what a compressed tar unpacks to, its own headers included."""
PACKED_ENTRIES: Final = 2 * FILES
"""With folders, and with what is left out."""
PACKED_DEPTH: Final = 16
OWN_FILES: Final = 20_000
"""Of all extensions and policies of a site, where its owner changes them."""

BUDGET_FAILURES: Final = 3
BUDGET_WINDOW: Final = 60.0
"""So many times over budget within so many seconds open the breaker."""
ERRORS_IN_A_ROW: Final = 10
BACKOFF_FIRST: Final = 30.0
BACKOFF_LONGEST: Final = 600.0
STABLE_SECONDS: Final = 600.0
"""Closed for so long, and the next back-off is the first one again."""
TRIAL_SECONDS: Final = 30.0
"""A trial that nobody has told the end of for so long may be made again."""
STATES_POLL_SECONDS: Final = 1.0
STATES_RETRY_SECONDS: Final = 30.0
"""The longest pause between two attempts to reach a database that does not answer."""
STATES_STOP_SECONDS: Final = 5.0
BREAKERS: Final = 10_000
"""Kept by a process; beyond that closed ones are forgotten."""
KNOWN_BYTES: Final = 512 * KIB
"""Of one plugin's answers, kept for the same event."""
KNOWN_ANSWER_BYTES: Final = 16 * KIB
"""A longer one is asked for again."""
KNOWN_OVERHEAD: Final = 512
"""Bytes that an answer takes besides its text, about."""
DENIALS: Final = 100
"""Kinds of denied calls that wait for the audit at a time: so many rows a minute and process."""
DENIALS_EACH: Final = 8
"""Of them of one extension in a minute; more are one row. A header's name, which is part of the
kind, is whatever a visitor sends."""
