"""Forms made from what extensions say of their settings, one for each place where one is listed.

What is typed is read by the setting's type, and held against the same rules as `config.toml` is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.extensions.limits import SETTING_LENGTH
from apps.extensions.messages import readable
from apps.extensions.settings_schema import Setting

LINES: Final = 4
SHORT: Final = 200
"""Characters; a longer text gets room for several lines."""
USUAL: Final = ""
"""The choice that leaves a setting to the extension."""


@dataclass(frozen=True, slots=True)
class Place:
    """`prefix` tells the fields of one place from those of another; `where` is for people."""

    prefix: str
    where: str
    form: "SettingsForm"


class SettingsForm(forms.Form):
    """`values` gives the settings as they are to stand in `config.toml`: none that is as usual."""

    def __init__(
        self, schema: Mapping[str, Setting], now: Mapping[str, Any], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._schema = schema
        for name, setting in schema.items():
            value = now.get(name, setting.default)
            self.fields[name] = _field(name, setting, _shown(setting, value))
        for field in self.visible_fields():
            described = [f"{field.id_for_label}_help"]
            described += [f"{field.id_for_label}_errors"] if self.is_bound else []
            field.field.widget.attrs["aria-describedby"] = " ".join(described)

    def clean(self) -> dict[str, Any]:
        for name, setting in self._schema.items():
            if name in self.cleaned_data:
                value = _read(setting, self.cleaned_data[name])
                self.cleaned_data[name] = value
                if (reason := setting.refusal(value)) is not None:
                    self.add_error(name, f"It {reason}.")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Of a form that is valid."""
        given = {n: self.cleaned_data[n] for n in self._schema if n in self.cleaned_data}
        kept = {n: each for n, each in given.items() if each != self._schema[n].default}
        return {n: list(each) if isinstance(each, tuple) else each for n, each in kept.items()}


def places(
    schema: Mapping[str, Setting],
    listed: Sequence[tuple[str, Mapping[str, Any]]],
    said: Mapping[str, Any] | None,
) -> list[Place]:
    """`listed` are where it is, and its settings there; `said` is what was sent, if something
    was."""
    found = []
    for number, (where, now) in enumerate(listed):
        prefix = f"p{number}"
        form = SettingsForm(schema, now, said, prefix=prefix)
        found.append(Place(prefix, where, form))
    return found


def _field(name: str, setting: Setting, shown: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": name.replace("_", " ").capitalize(),
        "help_text": _help(setting),
        "initial": shown,
        "required": False,
    }
    if setting.type == "boolean":
        return forms.BooleanField(**common)
    if setting.type == "strings":
        return _list_field(setting, common)
    if setting.choices:
        choices = [(str(each), str(each)) for each in setting.choices]
        return forms.ChoiceField(choices=choices, **{**common, "required": True})
    if setting.type == "integer":
        return forms.IntegerField(
            min_value=_bound(setting.minimum), max_value=_bound(setting.maximum), **common
        )
    if setting.type == "number":
        return forms.FloatField(
            min_value=setting.minimum, max_value=setting.maximum, step_size=None, **common
        )
    wide = len(str(shown)) > SHORT or "\n" in str(shown)
    widget = forms.Textarea(attrs={"rows": LINES}) if wide else forms.TextInput()
    return forms.CharField(max_length=SETTING_LENGTH, strip=False, widget=widget, **common)


def _list_field(setting: Setting, common: dict[str, Any]) -> forms.Field:
    if setting.choices:
        choices = [(str(each), str(each)) for each in setting.choices]
        common["initial"] = setting.default if common["initial"] is None else common["initial"]
        widget = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(choices=choices, widget=widget, **common)
    common["initial"] = "\n".join(common["initial"])
    widget_of_lines = forms.Textarea(attrs={"rows": LINES})
    return forms.CharField(strip=False, widget=widget_of_lines, **common)


def _help(setting: Setting) -> str:
    usual = setting.default
    told = ", ".join(map(str, usual)) if isinstance(usual, tuple) else str(usual)
    if setting.type == "boolean":
        told = str(_("yes") if usual else _("no"))
    said = readable(setting.help.strip())
    parts = [said if not said or said.endswith((".", "!", "?")) else f"{said}."]
    if setting.type == "strings" and not setting.choices:
        parts.append(str(_("One on each line.")))
    if setting.minimum is not None or setting.maximum is not None:
        parts.append(_range(setting))
    parts.append(str(_("Usually: %(value)s.")) % {"value": told or "–"})
    return " ".join(part for part in parts if part)


def _range(setting: Setting) -> str:
    if setting.maximum is None:
        return str(_("At least %(least)s.")) % {"least": setting.minimum}
    if setting.minimum is None:
        return str(_("At most %(most)s.")) % {"most": setting.maximum}
    both = {"least": setting.minimum, "most": setting.maximum}
    return str(_("From %(least)s to %(most)s.")) % both


def _shown(setting: Setting, value: Any) -> Any:
    """What stands in the site and does not fit is shown all the same, to be mended."""
    if setting.type == "strings":
        return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    return bool(value) if setting.type == "boolean" else value


def _read(setting: Setting, value: Any) -> Any:
    """An empty field leaves a number to the extension; an empty text is an empty text."""
    if value is None:
        return setting.default
    if setting.type == "strings":
        lines = value.splitlines() if isinstance(value, str) else value
        return tuple(line for line in lines if line.strip())
    if setting.choices and setting.type == "integer":
        return next((each for each in setting.choices if str(each) == value), value)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _bound(value: int | float | None) -> int | None:
    """Of whole numbers; the rule itself is asked as well."""
    return None if value is None or value != int(value) else int(value)
