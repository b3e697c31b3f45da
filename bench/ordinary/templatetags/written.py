"""Dates as the theme writes them."""

from datetime import date

from django import template

register = template.Library()


@register.filter
def written(value: str) -> str:
    """An ISO 8601 date or moment as "26 March 2026"."""
    day = date.fromisoformat(value[:10])
    return f"{day.day} {day:%B} {day.year}"
