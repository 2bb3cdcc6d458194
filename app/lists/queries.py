"""The only door to the rows of lists; every function takes the user."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Keyset, read_slice
from app.lists.models import List
from app.lists.serializers import ListFilter, ListOut, ListPage

OLDEST_FIRST = Keyset(("created_at", "id"), is_descending=False)


def lists_of(user: Account) -> QuerySet[List]:
    """Return the user's lists that are not in the trash."""
    return List.objects.filter(user_id=user.id, deleted_at=None)


def list_page(user: Account, asked: ListFilter) -> ListPage:
    """Return the page of lists asked for; raise Problem (400) for a cursor that is not of this collection."""
    page = read_slice(lists_of(user).filter(**asked.filters()), ListOut, asked, OLDEST_FIRST, user.id)
    return ListPage(**page._asdict())


def get_list(user: Account, list_id: UUID) -> List:
    """Return the list; raise Problem (404), the same for a foreign and a missing one."""
    found = lists_of(user).filter(pk=list_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such list.")
    return found


def trash_list(user: Account, list_id: UUID) -> None:
    """Put the list into the trash, and by the database its todos."""
    lists_of(user).filter(pk=list_id).update(deleted_at=timezone.now())
