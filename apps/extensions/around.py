"""The table `around` of a theme's route: what of a page's surroundings its template is shown."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

RELATED: Final = 20
# Its length is told apart: the engine writes out what is counted, of all letters that there are.
TAXONOMY: Final = r"^([A-Za-z][\w -]*|\{[a-z][a-z0-9_]{0,31}\})$"
TAXONOMY_CHARACTERS: Final = 64


class Around(BaseModel):
    """Each costs one statement for a page, and nothing where it is not asked for."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    neighbours: bool = False
    related: int = Field(default=0, ge=0, le=RELATED)
    sections: bool = False


NOTHING: Final = Around()
