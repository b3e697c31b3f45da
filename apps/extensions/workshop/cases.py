"""An author's own cases, `tests/*.toml` of an extension: text into typed values. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from apps.content.flaws import FlawError
from apps.content.problems import Problem
from apps.content.strict import read_toml
from apps.content.toml_places import Places
from apps.extensions import limits
from apps.extensions.capabilities import TOPICS
from apps.extensions.defects import sentence, told
from apps.extensions.finding import ExtensionFiles
from apps.extensions.proposals import Proposal
from apps.extensions.settings_schema import as_tuple
from apps.extensions.values import ProposalError
from apps.extensions.workshop import samples
from apps.extensions.workshop.notation import proposal_of

FOLDER: Final = "tests/"
Texts = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
Table = dict[str, Any]


def _event(value: str) -> str:
    if value not in TOPICS:
        raise ValueError(f"must be one of {', '.join(TOPICS)}")
    return value


def _proposals(value: Any) -> Any:
    if type(value) is not list or not all(type(each) is dict for each in value):
        raise ValueError("must be a list of tables such as { metadata = 'key', value = 1 }")
    try:
        return tuple(map(proposal_of, value))
    except ProposalError as error:
        raise ValueError(str(error)) from None


class Case(BaseModel):
    """What the cases of plugins and themes have in common. `refused` are words of the reason."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )

    name: str = Field(min_length=1, max_length=200)
    settings: Table = {}
    markdown: str | None = None
    html: str | None = None
    site: Table = {}
    refused: str | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.markdown is not None and self.html is not None:
            raise ValueError("markdown and html are two bodies; keep one")
        return self


class PluginCase(Case):
    """Sections replace fields of the sample's."""

    event: Annotated[str, AfterValidator(_event)] = "content.resolved"
    content: Table = {}
    request: Table = {}
    response: Table = {}
    system: Table = {}
    expect: Annotated[Any, AfterValidator(_proposals)] = None

    @model_validator(mode="after")
    def _expects_one_end(self) -> Self:
        if (self.expect is None) == (self.refused is None):
            raise ValueError("say what to expect: expect = [...], or refused = 'words'")
        return self

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What is expected; typed here, as a schema of recursive values cannot be made."""
        expected: tuple[Proposal, ...] = self.expect or ()
        return expected

    def sections(self) -> Iterator[tuple[str, Table, Mapping[str, Any]]]:
        """Name, fields of the case, fields of the sample."""
        yield "site", self.site, samples.SITE
        yield "content", self.content, samples.CONTENT
        yield "request", self.request, samples.REQUEST
        yield "response", self.response, samples.RESPONSE
        yield "system", self.system, samples.SYSTEM

    @model_validator(mode="after")
    def _known_fields(self) -> Self:
        for name, given, sample in self.sections():
            _check_fields(name, given, sample)
        return self


class Expected(BaseModel):
    """What the page of a theme must have: texts, and how often a selector matches."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    contains: Texts = ()
    lacks: Texts = ()
    count: dict[str, int] = {}


class ThemeCase(Case):
    """`route` is the name of one in the manifest, `template` a file that none names."""

    route: str | None = None
    template: str | None = None
    page: Table | None = None
    list_: Table | None = Field(default=None, alias="list")
    error: Table | None = None
    terms: Table | None = None
    search: Table | None = None
    around: Table = {}
    metadata: Table = {}
    expect: Expected = Expected()

    @model_validator(mode="after")
    def _names_what_to_show(self) -> Self:
        if (self.route is None) == (self.template is None):
            raise ValueError("say what to show: route = 'name', or template = 'file.html'")
        _check_fields("site", self.site, samples.THEME_SITE)
        _check_fields("page", self.page or {}, samples.PAGE)
        _check_fields("list", self.list_ or {}, samples.LIST)
        _check_fields("terms", self.terms or {}, samples.TERMS)
        _check_fields("around", self.around, samples.AROUND)
        _check_fields("error", self.error or {}, samples.ERROR)
        return self


@dataclass(frozen=True, slots=True)
class Placed:
    """A case and where it stands."""

    path: str
    line: int
    case: PluginCase | ThemeCase


def read_cases(files: ExtensionFiles) -> tuple[list[Placed], list[Problem]]:
    """All cases that can be read, and all that is wrong with the others."""
    found: list[Placed] = []
    problems: list[Problem] = []
    for name in sorted(files.files):
        if name.startswith(FOLDER) and name.endswith(".toml"):
            text = files.files[name].decode("utf-8", "replace")
            _read(files, name, text, found, problems)
    if len(found) > limits.CASES:
        reason = f"there are over {limits.CASES} cases"
        problems.append(Problem(f"{files.folder}/{FOLDER}", 0, "case.value", reason))
    return found[: limits.CASES], problems


def _read(
    files: ExtensionFiles, name: str, text: str, found: list[Placed], problems: list[Problem]
) -> None:
    path, places = f"{files.folder}/{name}", Places(text)
    try:
        data = read_toml(text)
    except FlawError as error:
        problems.append(Problem(path, error.line, "case.toml", error.reason))
        return
    listed = data.pop("case", None)
    for key in data:
        problems.append(Problem(path, places.line((key,)), "case.value", f"{key}: is not known"))
    if type(listed) is not list:
        problems.append(Problem(path, 1, "case.value", "there is no [[case]]"))
        return
    model = PluginCase if files.kind == "plugin" else ThemeCase
    for position, table in enumerate(listed):
        try:
            case = model.model_validate(table)
            found.append(Placed(path, places.line(("case", position)), case))
        except ValidationError as error:
            problems += _told(path, places, position, error)


def _told(path: str, places: Places, position: int, error: ValidationError) -> Iterator[Problem]:
    for place, _, reason in told(error):
        line = places.line(("case", position, *place))
        yield Problem(path, line, "case.value", sentence(place, reason))


def _check_fields(name: str, given: Table, sample: Mapping[str, Any]) -> None:
    if unknown := sorted(given.keys() - sample.keys()):
        known = ", ".join(sorted(sample))
        raise ValueError(f"{name}.{unknown[0][:80]} is not known; there is {known}")
