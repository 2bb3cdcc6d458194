"""Deleting: the attachment, its todo, its list, its account; and what is swept of the files that remain."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.attachments.small import Small, age
from tests.attachments.test_download import content_of
from tests.cast import Person
from tests.problems import assert_problem


@pytest.fixture(scope="module")
def app(small: Small) -> str:
    return small.url


def test_a_deleted_attachment_is_gone_with_its_file(small: Small, alice: Person, milk: Any) -> None:
    kept, made = alice.attach(milk), alice.attach(milk)
    path = small.path_of(made["id"])
    assert path.is_file()

    assert alice.delete(f"/api/attachments/{made['id']}/").status_code == 204

    assert not path.exists()
    assert_problem(alice.get(content_of(made)), 404, "not_found")
    assert_problem(alice.delete(f"/api/attachments/{made['id']}/"), 404, "not_found")
    assert alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"] == [kept]


def test_nobody_deletes_what_is_someone_elses(small: Small, alice: Person, bob: Person, milk: Any) -> None:
    made = alice.attach(milk)

    assert_problem(bob.delete(f"/api/attachments/{made['id']}/"), 404, "not_found")
    assert small.path_of(made["id"]).is_file()


@pytest.mark.parametrize("deleted", ["todos", "lists"])
def test_in_the_trash_an_attachment_is_out_of_reach_and_with_its_todo_it_comes_back(
    small: Small, alice: Person, milk: Any, deleted: str
) -> None:
    made, row = alice.attach(milk), {"todos": milk["id"], "lists": milk["list_id"]}[deleted]
    file, item = small.path_of(made["id"]), f"/api/attachments/{made['id']}/"
    age(file)
    assert alice.delete(f"/api/{deleted}/{row}/").status_code == 204

    for answer in (alice.get(item), alice.get(content_of(made)), alice.delete(item), alice.upload(milk, b"x")):
        assert_problem(answer, 404, "not_found")
    assert_problem(alice.get(f"/api/todos/{milk['id']}/attachments/"), 404, "not_found")
    small.sweep()
    assert file.exists()
    assert alice.post(f"/api/trash/{row}/restore/").status_code == 200
    assert alice.get(item).json() == made


def test_what_hangs_on_something_deleted_for_good_is_gone_and_its_file_is_swept(
    small: Small, alice: Person, bob: Person, groceries: Any
) -> None:
    one, other = (alice.make_todo(groceries) for _ in range(2))
    his = bob.make_todo(bob.make_list())
    made = [(alice, alice.attach(one)), (alice, alice.attach(other)), (bob, bob.attach(his))]
    files = [small.path_of(attachment["id"]) for _, attachment in made]
    for file in files:
        age(file)

    for collection, row in (("todos", one), ("lists", groceries)):
        assert alice.delete(f"/api/{collection}/{row['id']}/").status_code == 204
        assert alice.delete(f"/api/trash/{row['id']}/").status_code == 204
    assert bob.delete("/auth/me/").status_code == 204

    assert [person.get(content_of(attachment)).status_code for person, attachment in made] == [404, 404, 401]
    small.sweep()
    assert [file.exists() for file in files] == [False] * 3


def test_the_sweep_takes_what_is_old_and_belongs_to_nobody(small: Small, alice: Person, milk: Any) -> None:
    mine = small.path_of(alice.attach(milk)["id"])
    orphan, fresh = mine.with_name("0" * 64), mine.with_name("1" * 64)
    draft = small.media / "attachments" / "incoming" / ("2" * 64)
    of_others = [small.media / "photo.png", small.media / "attachments" / "README", mine.with_name("notes.txt")]
    planted = [orphan, fresh, draft, *of_others]
    for path in planted:
        path.write_bytes(b"x")
    for path in {mine, *planted} - {fresh}:
        age(path)

    said = small.sweep().stdout

    assert said.startswith("2 files without an attachment were removed.\n")
    assert [path.exists() for path in (mine, orphan, fresh, draft, *of_others)] == [True, False, True, False] + [
        True
    ] * 3
    for path in (fresh, *of_others):
        path.unlink()


def test_a_content_that_is_lost_is_told_to_its_owner_and_by_the_sweep(
    small: Small, sign_up: Callable[[str], Person]
) -> None:
    carol = sign_up("carol")
    todo = carol.make_todo(carol.make_list())
    lost, kept = carol.attach(todo), carol.attach(todo)
    small.path_of(lost["id"]).unlink()

    assert_problem(carol.get(content_of(lost)), 410, "content_lost")
    assert carol.get(f"/api/attachments/{lost['id']}/").json() == lost
    swept = small.sweep()
    assert swept.returncode == 1
    assert f"The content of the attachment {lost['id']} is lost.\n" in swept.stdout
    assert kept["id"] not in swept.stdout
    assert carol.delete(f"/api/attachments/{lost['id']}/").status_code == 204
