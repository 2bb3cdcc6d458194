"""What exports and imports build on: the contents of a user, and a content from wherever it comes."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from app.accounts.models import User
from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.attachments import files, queries, services
from app.attachments.files import Upload
from app.common.errors import Code, Problem
from app.lists.models import List
from app.todos.models import Todo

pytestmark = pytest.mark.django_db


@pytest.fixture
def todo(settings: Settings, tmp_path: Path) -> Todo:
    settings.MEDIA_ROOT = tmp_path
    alice = User.objects.create(email="alice@example.org")
    groceries = List.objects.create(user=alice, name="Groceries", color="#2e9e5b", position="1")
    todo: Todo = Todo.objects.create(user=alice, list=groceries, title="Buy oat milk", position="1")
    return todo


@pytest.fixture
def alice(todo: Todo) -> Account:
    return Account(id=todo.user_id, email="", name="", time_zone="UTC", is_verified=False)


def chunks() -> Iterator[bytes]:
    yield from (b"Oat ", b"", b"milk")


def test_contents_are_read_back_oldest_first_and_lost_ones_are_told(alice: Account, todo: Todo) -> None:
    for name in ("a.txt", "b.txt"):
        with Upload(chunks()) as upload:
            services.add_attachment(alice, todo.id, name, upload)
    lost, _ = queries.attachments_of(alice)
    files.remove(lost.file)

    found = [(attachment.name, content and content.read()) for attachment, content in services.contents_of(alice)]

    assert found == [("a.txt", None), ("b.txt", b"Oat milk")]


def attach_two(alice: Account, *todo_ids: UUID) -> None:
    with transaction.atomic(), Upload(chunks()) as one, Upload(chunks()) as other, writing(alice):
        for todo_id, upload in zip(todo_ids, (one, other), strict=True):
            services.attach(alice, todo_id, "a.txt", upload)


def test_many_are_attached_in_one_transaction_or_none(alice: Account, todo: Todo, tmp_path: Path) -> None:
    with pytest.raises(Problem) as refusal:
        attach_two(alice, todo.id, uuid4())

    assert refusal.value.code is Code.NOT_FOUND
    assert not queries.attachments_of(alice).exists()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1  # an orphan, for the sweep
    attach_two(alice, todo.id, todo.id)
    assert queries.attachments_of(alice).count() == 2


def test_what_a_source_raises_leaves_no_file(alice: Account, tmp_path: Path) -> None:  # noqa: ARG001 - it sets the folder
    def broken() -> Iterator[bytes]:
        yield b"Oat"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Upload(broken())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
