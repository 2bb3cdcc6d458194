"""/api/lists/."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller
from app.accounts.polling import Collection
from app.common.errors import Code
from app.common.idempotency import repeatable
from app.common.schema import query, raises
from app.common.versions import IfMatch, answer, create_only
from app.common.views import APIView
from app.lists import pages, services
from app.lists.serializers import ListCreate, ListFilter, ListOut, ListPage, ListUpdate

LISTS = Collection("lists", seconds=300)


class ListCollection(APIView):
    """All lists of a user."""

    @extend_schema(operation_id="get_lists", parameters=[query(ListFilter)], responses=ListPage)
    def get(self, request: Request) -> HttpResponse:
        """Return a page of lists, by default the oldest first, each with the number of its todos by status."""
        asked = ListFilter.from_query(request)
        return LISTS.answer(request, lambda user: pages.list_page(user, asked), asked)

    @repeatable
    @raises(Code.ID_TAKEN, Code.QUOTA_EXCEEDED, Code.NO_ROOM, Code.PRECONDITION_FAILED)
    @extend_schema(operation_id="create_list", request=ListCreate, responses={201: ListOut})
    def post(self, request: Request) -> HttpResponse:
        """Create a list, at the end or directly `before` or `after` another one.

        Nothing is ever overwritten: an `id` that is taken is 409, and 412 with `If-None-Match: *`.
        """
        new = ListCreate.from_body(request)
        with create_only(request):
            return answer(request, services.create_list(caller(request), new), status=201)


class ListItem(APIView):
    """One list."""

    @extend_schema(operation_id="get_list", responses=ListOut)
    def get(self, request: Request, list_id: UUID) -> HttpResponse:
        """Return a list."""
        return answer(request, pages.get_list(caller(request), list_id))

    @repeatable
    @raises(Code.STALE_VERSION, Code.INBOX_STAYS, Code.NO_ROOM)
    @extend_schema(operation_id="update_list", request=ListUpdate, responses=ListOut)
    def patch(self, request: Request, list_id: UUID) -> HttpResponse:
        """Change the members that are given, or move the list directly `before` or `after` another one.

        `version` and `If-Match` protect others' changes as they do for todos.
        """
        changes = ListUpdate.from_body(request)
        return answer(request, services.update_list(caller(request), list_id, changes, IfMatch(request)))

    @repeatable
    @raises(Code.STALE_VERSION, Code.INBOX_STAYS)
    @extend_schema(operation_id="delete_list", responses={204: None})
    def delete(self, request: Request, list_id: UUID) -> Response:
        """Delete a list and the todos in it, with `If-Match` only in the state it names."""
        services.delete_list(caller(request), list_id, IfMatch(request))
        return Response(status=204)
