"""The table `search` of a theme's route: that it answers with a search, and what of the query of
an address it reads for that."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.content.search.bounds import PAGE_SIZE

KEY: Final = r"^[a-z][a-z0-9_-]{0,31}$"


class Search(BaseModel):
    """`words` and `page` are names of keys of the query: nothing else of it is read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    words: str = Field(default="q", pattern=KEY)
    page: str = Field(default="page", pattern=KEY)
    page_size: int = Field(default=10, ge=1, le=PAGE_SIZE)

    @model_validator(mode="after")
    def _two_keys(self) -> "Search":
        if self.words == self.page:
            raise ValueError("words and page must be two keys of the query")
        return self

    @property
    def keys(self) -> tuple[str, str]:
        return self.words, self.page
