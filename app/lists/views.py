"""/api/lists/."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.accounts.authentication import caller
from app.common.schema import query
from app.lists import queries, services
from app.lists.serializers import ListCreate, ListFilter, ListOut, ListPage, ListUpdate


class ListCollection(APIView):
    """All lists of a user."""

    @extend_schema(operation_id="get_lists", parameters=[query(ListFilter)], responses=ListPage)
    def get(self, request: Request) -> Response:
        """Return a page of lists, oldest first."""
        return Response(queries.list_page(caller(request), ListFilter.from_query(request)))

    @extend_schema(operation_id="create_list", request=ListCreate, responses={201: ListOut})
    def post(self, request: Request) -> Response:
        """Create a list."""
        return Response(services.create_list(caller(request), ListCreate.from_body(request)), status=201)


class ListItem(APIView):
    """One list."""

    @extend_schema(operation_id="get_list", responses=ListOut)
    def get(self, request: Request, list_id: UUID) -> Response:
        """Return a list."""
        return Response(ListOut.of(queries.get_list(caller(request), list_id)))

    @extend_schema(operation_id="update_list", request=ListUpdate, responses=ListOut)
    def patch(self, request: Request, list_id: UUID) -> Response:
        """Change the members that are given."""
        return Response(services.update_list(caller(request), list_id, ListUpdate.from_body(request)))

    @extend_schema(operation_id="delete_list", responses={204: None})
    def delete(self, request: Request, list_id: UUID) -> Response:
        """Delete a list and the todos in it."""
        services.delete_list(caller(request), list_id)
        return Response(status=204)
