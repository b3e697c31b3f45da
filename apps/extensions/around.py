"""The table `around` of a theme's route: what of a page's surroundings its template is shown."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

RELATED: Final = 20
TAXONOMY: Final = r"^([A-Za-z][\w -]{0,63}|\{[a-z][a-z0-9_]{0,31}\})$"


class Around(BaseModel):
    """Each costs one statement for a page, and nothing where it is not asked for."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    neighbours: bool = False
    related: int = Field(default=0, ge=0, le=RELATED)
    sections: bool = False


NOTHING: Final = Around()
