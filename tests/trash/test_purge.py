"""What was deleted 30 days ago goes for good."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.waiting import wait_until
from tests.cast import Person
from tests.rows import ask, connect, revision_of
from tests.trash.conftest import Delete, trash, visible

AGE_TODO = "UPDATE core_todo SET deleted_at = now() - %s::interval WHERE id = %s RETURNING 1"
AGE_LIST = "UPDATE core_list SET deleted_at = now() - %s::interval WHERE id = %s RETURNING 1"
PAGES = ["/api/trash/", "/api/lists/", "/api/todos/"]
LOCK = "UPDATE core_user SET revision = revision + 1 WHERE email = %s"
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND starts_with(query, 'UPDATE core_user')
"""


def purge() -> str:
    command = (sys.executable, "manage.py", "purge_trash")
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - our own command line


def test_what_was_deleted_thirty_days_ago_is_purged_and_nothing_younger(
    alice: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    errands = alice.make_list("Errands")
    letter, bread = alice.make_todo(errands), alice.make_todo(groceries)
    for kind, row in (("lists", errands), ("todos", milk), ("todos", bread)):
        delete(kind, row)
    ask(AGE_LIST, "30 days", errands["id"])
    ask(AGE_TODO, "30 days", milk["id"])
    ask(AGE_TODO, "29 days 23 hours 59 minutes", bread["id"])
    before = revision_of(alice)

    assert purge().endswith(" lists and todos were purged.\n")

    assert [item["id"] for item in trash(alice)] == [bread["id"]]
    assert visible(alice, "lists") == [groceries["id"]]
    assert ask("SELECT count(*) FROM core_todo WHERE id = ANY(%s)", [milk["id"], letter["id"]]) == 0
    assert revision_of(alice) == before + 1


def test_a_purge_makes_the_pages_old_of_those_whose_trash_it_deletes_and_of_nobody_else(
    alice: Person, bob: Person, milk: Any, delete: Delete
) -> None:
    delete("todos", milk)
    bread = bob.make_todo(bob.make_list())
    assert bob.delete(f"/api/todos/{bread['id']}/").status_code == 204
    known = [(person, path, person.get(path).headers["ETag"]) for person in (alice, bob) for path in PAGES]
    ask(AGE_TODO, "31 days", milk["id"])

    purge()

    again = [person.get(path, headers={"If-None-Match": tag}).status_code for person, path, tag in known]
    assert again == [200, 200, 200, 304, 304, 304]


def test_a_purge_takes_as_many_batches_as_it_needs(alice: Person, delete: Delete) -> None:
    lists = [alice.make_list(f"List {number}") for number in range(11)]
    for row in lists:
        delete("lists", row)
        ask(AGE_LIST, "31 days", row["id"])

    purge()

    assert trash(alice) == []
    assert ask("SELECT count(*) FROM core_list WHERE id = ANY(%s)", [row["id"] for row in lists]) == 0


def test_what_was_restored_a_moment_before_is_not_purged(
    alice: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    """The purge has found the old list and waits for its owner's row, behind someone who restores the list."""
    delete("lists", groceries)
    ask(AGE_LIST, "31 days", groceries["id"])
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute(LOCK, [alice.email])
        other.execute("UPDATE core_list SET deleted_at = NULL WHERE id = %s", [groceries["id"]])
        purged = background.submit(purge)
        wait_until(lambda: bool(ask(WAITING)), 20, "the purge has not reached the row that is locked")
        other.commit()
        purged.result()

    assert visible(alice, "todos") == [milk["id"]]


def test_somebody_whose_data_is_locked_holds_up_nobody_else(
    alice: Person, bob: Person, milk: Any, delete: Delete
) -> None:
    delete("todos", milk)
    bread = bob.make_todo(bob.make_list())
    assert bob.delete(f"/api/todos/{bread['id']}/").status_code == 204
    for row in (milk, bread):
        ask(AGE_TODO, "31 days", row["id"])

    with connect() as other:
        other.execute(LOCK, [alice.email])
        purge()

    assert (len(trash(alice)), len(trash(bob))) == (1, 0)
    purge()
    assert trash(alice) == []
