"""/api/trash/."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller
from app.accounts.polling import Collection
from app.common.idempotency import repeatable
from app.common.schema import query
from app.common.versions import answer
from app.common.views import APIView
from app.trash import queries, services
from app.trash.serializers import Restored, TrashPage, TrashQuery

TRASH = Collection("trash")


class TrashCollection(APIView):
    """All that a user has deleted."""

    @extend_schema(operation_id="get_trash", parameters=[query(TrashQuery)], responses=TrashPage)
    def get(self, request: Request) -> HttpResponse:
        """Return a page of the trash, the latest first.

        It has the deleted lists and the todos that were deleted by themselves, not those that went along with a list.
        """
        asked = TrashQuery.from_query(request)
        return TRASH.answer(request, lambda user: queries.trash_page(user, asked), asked)

    @repeatable
    @extend_schema(operation_id="empty_trash", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Delete for good whatever is in the trash."""
        services.empty_trash(caller(request))
        return Response(status=204)


class TrashItem(APIView):
    """A list or a todo in the trash."""

    @repeatable
    @extend_schema(operation_id="delete_for_good", responses={204: None})
    def delete(self, request: Request, trashed_id: UUID) -> Response:
        """Delete for good a todo, or a list with all todos in it."""
        services.delete_for_good(caller(request), trashed_id)
        return Response(status=204)


class TrashRestoration(APIView):
    """The way back."""

    @repeatable
    @extend_schema(operation_id="restore", request=None, responses=Restored)
    def post(self, request: Request, trashed_id: UUID) -> HttpResponse:
        """Take out of the trash a list with the todos that went along, or a todo, if need be with its list."""
        return answer(request, services.restore(caller(request), trashed_id))
