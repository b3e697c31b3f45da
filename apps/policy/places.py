"""Where the files about policy stand in a site's repository."""

from typing import Final

FOLDER: Final = "policies/"
TESTS: Final = "policies/tests/"
