"""What an account has already, as far as an import minds."""

from django.conf import settings
from django.db.models import Count, Sum

from app.accounts.serializers import Account
from app.attachments.models import Attachment
from app.attachments.services import MOST_ON_TODO
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
    attachments = Attachment.objects.filter(user_id=user.id)
    if (attachments.aggregate(bytes=Sum("size"))["bytes"] or 0) > settings.ATTACHMENTS_QUOTA:
        raise Problem(Code.QUOTA_EXCEEDED, "The attachments would take more room than there is for them.")
    if attachments.values("todo_id").annotate(count=Count("id")).filter(count__gt=MOST_ON_TODO).exists():
        raise Problem(Code.QUOTA_EXCEEDED, f"A todo would have more than {MOST_ON_TODO} attachments.")
