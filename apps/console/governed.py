"""Admin pages on which policy is asked about the very row, which Django's own never say."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from apps.console.bounds import READING


class Governed(ModelAdmin):  # type: ignore[type-arg]
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._may(request, "add", None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Where nothing can be done with rows, nothing is sent."""
        can = self.has_change_permission(request) or self.get_actions(request)
        if request.method not in READING and not can:
            raise PermissionDenied
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @method_decorator(require_safe)
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Django's own says first whether there is such a row."""
        if not self.has_view_or_change_permission(request, self.get_object(request, object_id)):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def _may(self, request: HttpRequest, verb: str, row: Any) -> bool:
        name = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
        asked = getattr(request.user, "has_perm", None)
        return bool(asked and asked(name, row))


class ReadOnly(Governed):
    """The index changes by commits only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Nothing is looked up for whom it would not be shown to."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().get_object(request, *args, **options)
