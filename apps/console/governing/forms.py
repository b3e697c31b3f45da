"""What is asked of whoever changes policies and roles."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.policy.bundled import SAMPLES
from apps.policy.limits import POLICY_FILE_BYTES

NAME: Final = re.compile(
    r"policies/(?:[a-z0-9][a-z0-9._-]{0,60}\.cedar|tests/[a-z0-9._-]{1,60}\.toml)"
)
ROLE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


class PolicyForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        max_length=POLICY_FILE_BYTES,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "mono"}),
    )
    confirm = forms.BooleanField(
        label=_("Take my own right to change policies away"), required=False
    )

    def content(self) -> bytes:
        """Browsers send lines with two characters at their end."""
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        return (text if text.endswith("\n") else f"{text}\n").encode()


class NewPolicyForm(forms.Form):
    name = forms.CharField(
        label=_("File"), max_length=100, initial="policies/site.cedar", help_text="policies/….cedar"
    )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not NAME.fullmatch(name):
            raise ValidationError(_("Policies are in policies/*.cedar, tests in policies/tests/."))
        return name


class SampleForm(forms.Form):
    sample = forms.ChoiceField(label=_("Sample"), choices=[(each, each) for each in SAMPLES])


class RolesForm(forms.Form):
    """A field for each role: names with spaces between."""

    new = forms.CharField(
        label=_("Another role"), max_length=60, required=False, help_text="a-z, 0-9, -"
    )
    confirm = forms.BooleanField(
        label=_("Take my own right to change policies away"), required=False
    )

    def __init__(self, roles: dict[str, tuple[str, ...]], data: Any = None) -> None:
        super().__init__(data)
        for role, people in roles.items():
            self.fields[f"role_{role}"] = forms.CharField(
                label=role, required=False, max_length=20_000, initial=" ".join(people)
            )
        self.order_fields([*(f"role_{role}" for role in roles), "new", "confirm"])

    def clean_new(self) -> str:
        name = str(self.cleaned_data["new"])
        if name and not ROLE.fullmatch(name):
            raise ValidationError(_("A role is called by a-z, 0-9 and -."))
        return name

    def roles(self) -> dict[str, list[str]]:
        named = {
            n.removeprefix("role_"): v for n, v in self.cleaned_data.items() if n[:5] == "role_"
        }
        found = {role: sorted(set(str(text).split())) for role, text in named.items()}
        return {**found, **({self.cleaned_data["new"]: []} if self.cleaned_data["new"] else {})}


class ExplainForm(forms.Form):
    who = forms.CharField(label=_("Who"), max_length=200, help_text=_("The name of an account."))
    action = forms.ChoiceField(label=_("May they"))
    what = forms.CharField(
        label=_("Of what"),
        max_length=500,
        help_text='Document::"content/about.md", Branch::"main", Person::"grace"',
    )

    def __init__(self, data: Any, actions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["action"].choices = actions  # type: ignore[attr-defined]
