"""/api/todos/, and what lists do with their todos."""

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
from app.lists.serializers import ListCopy, ListOut
from app.todos import pages, services
from app.todos.serializers import TodoCreate, TodoFilter, TodoOut, TodoPage, TodoUpdate

TODOS = Collection("todos", seconds=120)


class TodoCollection(APIView):
    """All todos of a user."""

    @raises(Code.TOO_MANY_MATCHES)
    @extend_schema(operation_id="get_todos", parameters=[query(TodoFilter)], responses=TodoPage)
    def get(self, request: Request) -> HttpResponse:
        """Return a page of todos, newest first unless another order is asked for.

        With `q` it is a search: the best 200 of what matches, in one page. Where filters and order have no index
        together, at most 10,000 todos may match; else the answer is 422 `too_many_matches`.
        """
        asked = TodoFilter.from_query(request)
        return TODOS.answer(request, lambda user: pages.todo_page(user, asked), asked)

    @repeatable
    @raises(Code.ID_TAKEN, Code.QUOTA_EXCEEDED, Code.NO_ROOM, Code.PRECONDITION_FAILED)
    @extend_schema(operation_id="create_todo", request=TodoCreate, responses={201: TodoOut})
    def post(self, request: Request) -> HttpResponse:
        """Create a todo in one of the user's lists, by default in the inbox.

        It stands at the end of its list, or directly `before` or `after` another todo there. Nothing is ever
        overwritten: an `id` that is taken is 409, and 412 with `If-None-Match: *`.
        """
        new = TodoCreate.from_body(request)
        with create_only(request):
            return answer(request, services.create_todo(caller(request), new), status=201)


class TodoItem(APIView):
    """One todo."""

    @extend_schema(operation_id="get_todo", responses=TodoOut)
    def get(self, request: Request, todo_id: UUID) -> HttpResponse:
        """Return a todo."""
        return answer(request, pages.get_todo(caller(request), todo_id))

    @repeatable
    @raises(Code.STALE_VERSION, Code.QUOTA_EXCEEDED, Code.NO_ROOM)
    @extend_schema(operation_id="update_todo", request=TodoUpdate, responses=TodoOut)
    def patch(self, request: Request, todo_id: UUID) -> HttpResponse:
        """Change the members that are given.

        With `version`, a change made from an older state is applied if nobody has changed the same members since.
        Otherwise the answer is 412 and shows `theirs`, `yours` and the `fields` that collide. `If-Match` is strict:
        any other state is 412. With neither, the last write wins.

        `before` or `after` moves the todo directly beside another one of its list, or of the list that `list_id`
        names; without them it goes to the end of that list.
        """
        changes = TodoUpdate.from_body(request)
        return answer(request, services.update_todo(caller(request), todo_id, changes, IfMatch(request)))

    @repeatable
    @raises(Code.STALE_VERSION)
    @extend_schema(operation_id="delete_todo", responses={204: None})
    def delete(self, request: Request, todo_id: UUID) -> Response:
        """Delete a todo, with `If-Match` only in the state it names."""
        services.delete_todo(caller(request), todo_id, IfMatch(request))
        return Response(status=204)


class ListDuplicate(APIView):
    """The copies of a list."""

    @repeatable
    @raises(Code.ID_TAKEN, Code.QUOTA_EXCEEDED, Code.PRECONDITION_FAILED)
    @extend_schema(operation_id="duplicate_list", request=ListCopy, responses={201: ListOut})
    def post(self, request: Request, list_id: UUID) -> HttpResponse:
        """Copy a list with its todos as they are; the copies are new rows, at version 1."""
        wanted = ListCopy.from_body(request)
        with create_only(request):
            return answer(request, services.duplicate_list(caller(request), list_id, wanted), status=201)
