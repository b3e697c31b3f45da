"""Values as the theme writes them."""

import json
from datetime import date

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
encode = json.JSONEncoder(ensure_ascii=False).encode
SAFE_IN_HTML = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'"}


@register.filter
def written(value: str) -> str:
    """An ISO 8601 date or moment as "26 March 2026"."""
    day = date.fromisoformat(value[:10])
    return f"{day.day} {day:%B} {day.year}"


@register.filter(name="json")
def as_json(value: str) -> SafeString:
    """JSON that ends no element."""
    return mark_safe(encode(value).translate(SAFE_IN_HTML))
