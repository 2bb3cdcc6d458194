"""The calls, made of what DRF has."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework import exceptions, mixins, pagination, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from bench.baselines import MOST
from bench.baselines.drf.serializers import ListSerializer, TodoSerializer
from bench.baselines.project.models import List, Todo, lists_with_counts, visible_todos


class Pages(pagination.CursorPagination):
    """Pages by cursor, with the bare cursors in place of addresses."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = MOST

    def encode_cursor(self, cursor: pagination.Cursor) -> str:
        return super().encode_cursor(cursor).partition("cursor=")[2]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})


class Newest(Pages):
    ordering = ("-created_at", "-id")


class Oldest(Pages):
    ordering = ("created_at", "id")


class TodoViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Todo],
):
    """Todos."""

    serializer_class = TodoSerializer
    pagination_class = Newest

    def get_queryset(self) -> QuerySet[Todo]:
        todos = visible_todos(self.request.user)  # type: ignore[arg-type]  # IsAuthenticated says so
        if self.action == "partial_update":
            return todos.select_for_update()
        if status := self.request.query_params.get("status"):
            todos = todos.filter(status=status)
        if before := self.request.query_params.get("created_before"):
            todos = todos.filter(created_at__lt=instant(before))
        return todos

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            return super().partial_update(request, *args, **kwargs)


class ListViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[List]):
    """Lists."""

    serializer_class = ListSerializer
    pagination_class = Oldest

    def get_queryset(self) -> QuerySet[List]:
        return lists_with_counts(self.request.user)  # type: ignore[arg-type]  # IsAuthenticated says so


def instant(text: str) -> Any:
    found = parse_datetime(text)
    if found is None:
        raise exceptions.ValidationError({"created_before": ["Not an instant."]})
    return found
