"""The form of setup: each answer is looked at when it is sent."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from whispercms.setup.answers import (
    EXISTING,
    NEW,
    SAMPLES,
    TEXT_CHARACTERS,
    TITLE_CHARACTERS,
    Answers,
)

KINDS: Final = ((NEW, _("Begin a new site")), (EXISTING, _("Use a repository that exists already")))


class SiteForm(forms.Form):
    """The first step."""

    kind = forms.ChoiceField(label=_("The site"), choices=KINDS, widget=forms.RadioSelect)
    where = forms.CharField(
        label=_("Where its repository is"),
        max_length=TEXT_CHARACTERS,
        help_text=_("A folder of this machine, or the address of one elsewhere, such as")
        + " git@example.org:site.git",
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_CHARACTERS,
        required=False,
        help_text=_("Of a new site."),
    )
    sample = forms.ChoiceField(
        label=_("Who may do what"),
        choices=list(SAMPLES.items()),
        required=False,
        help_text=_("Of a new site. It can be changed at any time."),
    )


class AccessForm(forms.Form):
    """The second, for what is there already."""

    branch = forms.CharField(
        label=_("Branch"),
        max_length=200,
        required=False,
        help_text=_("Without one: the one that the repository names itself."),
    )
    ssh_key = forms.CharField(
        label=_("SSH key"),
        max_length=TEXT_CHARACTERS,
        required=False,
        help_text=_(
            "Path of a private key, for addresses by ssh. Without one: those of this user."
        ),
    )
    known_hosts = forms.CharField(
        label=_("Known hosts"),
        max_length=TEXT_CHARACTERS,
        required=False,
        help_text=_("Path of a file with the host's public key. Without one: this user's."),
    )
    https_credentials = forms.CharField(
        label=_("Password file for https"),
        max_length=TEXT_CHARACTERS,
        required=False,
        help_text=_("Path of a file that nobody else can read, as git credential-store writes it."),
    )


FORMS: Final = {"site": SiteForm, "access": AccessForm}


def answered(before: Answers, cleaned: dict[str, Any], owner: str) -> Answers:
    """Raises BadAnswer."""
    said = {name: value for name, value in cleaned.items() if value}
    return Answers.of_json(
        {**before.as_json(), **dict.fromkeys(cleaned, ""), **_kept(before), **said, "owner": owner}
    )


def _kept(before: Answers) -> dict[str, str]:
    """What may not be empty stays as it was."""
    return {"kind": before.kind, "title": before.title, "sample": before.sample}
