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
HTML_BYTES: Final = 16 * KIB
"""Of one argument of a transform."""
STATUS: Final = range(200, 600)
"""What may be proposed; 1xx is the server's own business."""

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

MANIFEST_BYTES: Final = 64 * KIB
MANIFEST_PROBLEMS: Final = 100
"""So many are told at a time."""
VERSION_CHARACTERS: Final = 100
ROUTES: Final = 100
PAGE_SIZE: Final = 1000
SETTING_LENGTH: Final = 10_000
"""Characters of a text, or items of a list."""
SETTINGS: Final = 100
"""Of one extension."""
