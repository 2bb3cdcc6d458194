"""What an account has already, as far as an import minds."""

from app.accounts.serializers import Account
from app.attachments import queries
from app.attachments import services as attachments
from app.common.errors import Code, Problem
from app.lists.models import MAX_LISTS, List
from app.todos.models import Todo


def is_untouched(user: Account) -> bool:
    """Tell whether an account has nothing but the inbox it began with."""
    lists = List.objects.filter(user_id=user.id).values_list("is_inbox", "version")
    return list(lists[:2]) in ([], [(True, 1)]) and not Todo.objects.filter(list__user_id=user.id).exists()


def drop_inbox(user: Account) -> None:
    List.objects.filter(user_id=user.id, is_inbox=True)._raw_delete("default")  # noqa: SLF001 - it is empty


def require_room(user: Account) -> None:
    """Raise Problem (409) where a user has more by now than there may be."""
    if List.objects.filter(user_id=user.id).count() > MAX_LISTS:
        raise Problem(Code.QUOTA_EXCEEDED, f"There would be more than {MAX_LISTS:,} lists, with those in the trash.")
    attachments.require_room(queries.usage(user, queries.fullest_todo(user)))
