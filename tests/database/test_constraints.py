"""What PostgreSQL refuses by itself, whatever the code above it does."""

from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from app.accounts.models import Session, User
from app.attachments.models import MAX_SIZE, Attachment
from app.common.positions import at_the_start
from app.lists.models import List
from app.todos.models import Status, Todo

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return User.objects.create(email="alice@example.org")


@pytest.fixture
def bob() -> User:
    return User.objects.create(email="bob@example.org")


@pytest.fixture
def groceries(alice: User) -> List:
    return List.objects.create(user=alice, name="Groceries", color="#2e9e5b", position="1")


def make_todo(groceries: List, **values: Any) -> Todo:
    todo: Todo = Todo.objects.create(
        **{"user": groceries.user, "list": groceries, "title": "Milk", "position": "1"} | values
    )
    return todo


def test_a_todo_in_another_users_list_is_refused(bob: User, groceries: List) -> None:
    with pytest.raises(IntegrityError, match="core_todo_list_owner"):
        make_todo(groceries, user=bob)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"title": ""}, "core_todo_title_not_empty"),
        ({"description": "x" * 10_001}, "core_todo_description_length"),
        ({"status": "later"}, "core_todo_status"),
        ({"due_time": "09:30"}, "core_todo_due_time_has_date"),
        ({"due_date": "2026-12-24", "due_timezone": "UTC"}, "core_todo_due_zone_has_time"),
        ({"status": Status.DONE}, "core_todo_completed_when_done"),
        ({"completed_at": timezone.now()}, "core_todo_completed_when_done"),
        ({"position": "1-"}, "core_todo_position_form"),
    ],
)
def test_a_todo_that_makes_no_sense_is_refused(groceries: List, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        make_todo(groceries, **values)


def test_a_priority_beyond_urgent_is_refused(groceries: List) -> None:
    todo = make_todo(groceries)

    with pytest.raises(IntegrityError, match="core_todo_priority"), connection.cursor() as cursor:
        cursor.execute("UPDATE core_todo SET priority = 5 WHERE id = %s", [todo.id])


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": ""}, "core_list_name_not_empty"),
        ({"color": "green"}, "core_list_color_hex"),
        ({"color": "#2E9E5B"}, "core_list_color_hex"),
        ({"color": "#2e9e5"}, "core_list_color_hex"),
        ({"is_inbox": True, "is_archived": True}, "core_list_inbox_stays"),
        ({"is_inbox": True, "deleted_at": timezone.now()}, "core_list_inbox_stays"),
        *(({"position": wrong}, "core_list_position_form") for wrong in ("", "-", "1-", "a b", "1\n", "\u00e9")),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(alice: User, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        List.objects.create(**{"user": alice, "name": "Home", "color": "#2e9e5b", "position": "1"} | values)


def test_a_second_inbox_is_refused(alice: User) -> None:
    inbox = {"user": alice, "name": "Inbox", "color": "#2e9e5b", "position": "1", "is_inbox": True}
    List.objects.create(**inbox)

    with pytest.raises(IntegrityError, match="core_list_one_inbox"):
        List.objects.create(**inbox)


@pytest.mark.parametrize(
    ("email", "constraint"), [("alice@example.org", "core_user_email"), ("Bob@example.org", "core_user_email_lower")]
)
@pytest.mark.usefixtures("alice")
def test_an_address_is_unique_without_regard_to_case(email: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        User.objects.create(email=email)


def attach(todo: Todo, **values: Any) -> None:
    described = {"name": "a", "size": 1, "content_type": "", "sha256": "", "file": "0" * 64}
    Attachment.objects.create(**{"user": todo.user, "todo": todo} | described | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": ""}, "core_attachment_name_not_empty"),
        ({"size": 0}, "core_attachment_size"),
        ({"size": MAX_SIZE + 1}, "core_attachment_size"),
        ({"file": "../" + "0" * 61}, "core_attachment_file_hex"),
        ({"file": "0" * 63}, "core_attachment_file_hex"),
    ],
)
def test_an_attachment_that_makes_no_sense_is_refused(groceries: List, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        attach(make_todo(groceries), **values)


def test_two_attachments_never_share_a_file(groceries: List) -> None:
    attach(make_todo(groceries))

    with pytest.raises(IntegrityError, match="core_attachment_file"):
        attach(make_todo(groceries))


def test_deleting_a_todo_takes_its_attachments_along(groceries: List) -> None:
    todo = make_todo(groceries)
    attach(todo)

    todo.delete()

    assert not Attachment.objects.exists()


def test_deleting_a_user_takes_sessions_lists_todos_and_attachments_along(alice: User, groceries: List) -> None:
    attach(make_todo(groceries))
    session = {"token_hash": b"x", "address": "127.0.0.1", "user_agent": "", "data": {}}
    Session.objects.create(user=alice, expires_at=timezone.now(), **session)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_user WHERE id = %s", [alice.id])

    assert not any(model.objects.exists() for model in (Session, List, Todo, Attachment))


def test_accounts_of_before_get_an_inbox_that_stands_before_their_lists(alice: User, groceries: List) -> None:
    inboxes = import_module("app.lists.migrations.0005_inbox_and_order").INBOXES

    with connection.cursor() as cursor:
        cursor.execute(inboxes)

    inbox = List.objects.get(is_inbox=True)
    assert (inbox.user, inbox.name, inbox.version) == (alice, "Inbox", 1)
    assert abs(int(inbox.position, 16) - int(at_the_start(inbox.created_at), 16)) <= 1
    assert list(List.objects.order_by("position")) == [inbox, groceries]
