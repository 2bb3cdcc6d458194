"""Asking again costs nothing where nothing has changed, and shows every change at once."""

from typing import Any

import pytest
import requests

from tests.cast import Person
from tests.routes import UNSAFE, Route, belongings, call
from tests.rows import connect
from tests.servers import second_app

PAGES = ["/api/lists/", "/api/todos/", "/api/todos/?due=today", "/api/todos/?q=milk&count=true", "/api/trash/"]
CHANGES = [route for route in UNSAFE if route.is_api]


@pytest.fixture
def milk(alice: Person, groceries: Any) -> Any:
    return alice.make_todo(groceries, "Buy oat milk")


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("path", [*PAGES, "/api/todos/?due=overdue"])
def test_who_has_the_current_page_gets_304_and_no_body(alice: Person, path: str) -> None:
    first = alice.get(path)

    again = poll(alice, path, first)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert not {"Content-Type", "Content-Length"} & again.headers.keys()
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", ["todos", "lists"])
def test_who_has_the_current_row_gets_304(alice: Person, groceries: Any, milk: Any, kind: str) -> None:
    path = f"/api/{kind}/{(milk if kind == 'todos' else groceries)['id']}/"

    assert poll(alice, path, alice.get(path)).status_code == 304


def test_who_has_the_current_attachments_gets_304(alice: Person, milk: Any) -> None:
    receipt = alice.attach(milk)
    paths = [f"/api/todos/{milk['id']}/attachments/", f"/api/attachments/{receipt['id']}/"]

    assert [poll(alice, path, alice.get(path)).status_code for path in paths] == [304, 304]


@pytest.mark.parametrize("route", CHANGES, ids=str)
def test_every_change_gives_the_pages_new_tags(alice: Person, route: Route) -> None:
    ids = belongings(alice)
    before = [alice.get(path) for path in PAGES]

    assert call(alice, route, ids).ok

    assert [poll(alice, path, known).status_code for path, known in zip(PAGES, before, strict=True)] == [200] * 5


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("path", PAGES)
def test_each_query_and_each_person_has_a_tag_of_its_own(alice: Person, bob: Person, path: str) -> None:
    tags = [answer.headers["ETag"] for answer in (alice.get(path), bob.get(path), alice.get(path, params={"limit": 7}))]

    assert len({*tags}) == 3


@pytest.mark.usefixtures("milk")
def test_a_page_that_is_kept_is_the_page_as_it_was_made(alice: Person) -> None:
    for path in PAGES:
        first, again = alice.get(path), alice.get(path)
        assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])


def test_any_known_state_is_304_for_the_star(alice: Person) -> None:
    assert alice.get("/api/todos/", headers={"If-None-Match": "*"}).status_code == 304


def test_a_bad_question_is_no_304_for_the_star(alice: Person) -> None:
    assert alice.get("/api/todos/?cursor=forged", headers={"If-None-Match": "*"}).status_code == 400


def test_a_weak_tag_counts_because_compression_makes_tags_weak(alice: Person) -> None:
    tag = alice.get("/api/todos/").headers["ETag"].removeprefix("W/")

    assert alice.get("/api/todos/", headers={"If-None-Match": f"W/{tag}"}).status_code == 304


def test_a_known_tag_counts_among_others_and_not_inside_of_something_else(alice: Person) -> None:
    tag = alice.get("/api/todos/").headers["ETag"].removeprefix("W/")

    assert alice.get("/api/todos/", headers={"If-None-Match": f'"other", {tag}, "third"'}).status_code == 304
    assert alice.get("/api/todos/", headers={"If-None-Match": f"old{tag}"}).status_code == 200


def test_a_database_that_was_filled_anew_makes_every_known_page_old(alice: Person) -> None:
    """A backup counts revisions that were there before: to VACUUM FULL, as to a restore, belong new files."""
    known = alice.get("/api/todos/")
    with connect() as connection:
        connection.autocommit = True
        connection.execute("VACUUM FULL core_user")

    assert poll(alice, "/api/todos/", known).status_code == 200


def test_another_release_makes_every_known_page_old(alice: Person) -> None:
    """Cursors are signed, so a new key is as good as new code."""
    known = alice.get("/api/todos/")
    with second_app(SECRET_KEY="another-key-of-the-service-with-more-than-fifty-characters-in-it") as url:
        other = Person("alice", url)
        other.cookies.update(alice.cookies)
        assert poll(other, "/api/todos/", known).status_code == 200


def poll(person: Person, path: str, known: requests.Response) -> requests.Response:
    return person.get(path, headers={"If-None-Match": known.headers["ETag"]})
