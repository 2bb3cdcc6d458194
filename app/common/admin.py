"""What the pages of operators have in common: they show rows, and have neither forms nor formsets to change them."""

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.functional import cached_property

MOST_COUNTED = 1000


class ShortPaginator(Paginator):  # type: ignore[type-arg]  # generic only in the stubs
    """Counts no further than a thousand rows: to count millions would take seconds, and nobody leafs that far."""

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Model]", self.object_list).order_by()[:MOST_COUNTED].count()


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """A list of rows, the newest first, and a page for each, which shows ``fields``."""

    ordering = ("-id",)
    list_per_page = 50
    paginator = ShortPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def get_urls(self) -> list[URLPattern]:
        """Return the paths of the list and of one row; without the others there is nothing to post to."""
        opts = self.opts
        kept = {f"{opts.app_label}_{opts.model_name}_{page}" for page in ("changelist", "change")}
        return [found for found in super().get_urls() if found.name in kept]

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False
