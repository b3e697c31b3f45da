"""The application of the ordinary project."""

from django.apps import AppConfig


class Ordinary(AppConfig):
    name = "bench.ordinary"
    label = "ordinary"
