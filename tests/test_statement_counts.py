"""What each endpoint costs in SQL: exact, because a silent extra statement is how a service gets slow.

The requests go through Django in this process, against the stack's real PostgreSQL, where statements can be
counted; BEGIN and COMMIT travel with the statements they enclose and are not counted.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from app.accounts.models import Letter, User
from app.accounts.services import links
from app.common import redis
from app.exchange.models import Import
from app.exchange.transfer.models import ImportState
from tests.cast import PASSWORD
from tests.routes import CALLS, EMPTY_EXPORT, Route, good_body

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = [
    f"/api/todos/?{query}"
    for query in ("order=-due&count=true", "due=today&order=title", "q=milk&count=true", "fields=title&priority=none")
]


@pytest.fixture
def alice(settings: Settings, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/auth/csrf/").json()["csrf_token"]
    credentials = {"email": "alice@example.org", "password": PASSWORD}
    welcome = client.post("/auth/register/", credentials, "application/json").json()
    client.defaults["HTTP_X_CSRFTOKEN"] = welcome["csrf_token"]
    return client


@pytest.fixture
def groceries(alice: Client) -> Any:
    return alice.post("/api/lists/", {"name": "Groceries"}, "application/json").json()


@pytest.fixture
def milk(alice: Client, groceries: Any) -> Any:
    new = {"title": "Buy oat milk", "list_id": groceries["id"]}
    return alice.post("/api/todos/", new, "application/json").json()


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield sent


def cost(client: Client, method: str, path: str, body: Any = None, expected: int = 200, **headers: str) -> int:
    """Return how many statements a request takes."""
    data = b"" if body is None else json.dumps(body).encode()
    with statements() as sent:
        answer = client.generic(method, path, data, "application/json", headers=headers)
    assert answer.status_code == expected, answer.content
    return len(sent)


def test_asking_who_i_am_costs_one_statement_the_session_with_its_user(alice: Client) -> None:
    assert cost(alice, "GET", "/auth/me/") == 1


def test_a_csrf_token_for_a_visitor_costs_none() -> None:
    assert cost(Client(headers={"host": "localhost"}), "GET", "/auth/csrf/") == 0


@pytest.mark.usefixtures("alice")
def test_logging_in_costs_six_the_user_found_and_locked_known_networks_oldest_sessions_new_one_and_audit() -> None:
    visitor = Client(headers={"host": "localhost"})
    credentials = {"email": "alice@example.org", "password": PASSWORD}

    assert cost(visitor, "POST", "/auth/login/", credentials) == 6


def test_signing_up_costs_nine_the_user_with_a_savepoint_inbox_audit_and_a_login_without_looking_for_it() -> None:
    visitor = Client(headers={"host": "localhost"})
    credentials = {"email": "bob@example.org", "password": PASSWORD}

    assert cost(visitor, "POST", "/auth/register/", credentials, 201) == 9


def test_logging_out_costs_three_the_session_read_and_deleted_and_audit(alice: Client) -> None:
    alice.get("/api/lists/")

    assert cost(alice, "POST", "/auth/logout/", expected=204) == 3


# The first is the session with its user, read from its row. A change looks once more whether that session is still
# there, inside the write door, and to note what was done costs one.
OF_ACCOUNTS = {
    Route("GET", "/auth/sessions/"): 2,
    Route("GET", "/auth/tokens/"): 2,
    Route("POST", "/auth/reauthenticate/"): 5,
    Route("PATCH", "/auth/me/"): 7,
    Route("DELETE", "/auth/me/"): 10,
    Route("POST", "/auth/password/change/"): 13,
    Route("POST", "/auth/password/reset/"): 3,
    Route("POST", "/auth/password/reset/confirm/"): 13,
    Route("POST", "/auth/email/verify/"): 6,
    Route("POST", "/auth/email/change/"): 7,
    Route("POST", "/auth/email/change/confirm/"): 12,
    Route("DELETE", "/auth/sessions/"): 5,
    Route("DELETE", "/auth/sessions/{session_id}/"): 7,
    Route("POST", "/auth/tokens/"): 6,
    Route("DELETE", "/auth/tokens/{token_id}/"): 5,
}


@pytest.mark.parametrize(("route", "expected"), OF_ACCOUNTS.items(), ids=str)
def test_what_concerns_the_account_costs(alice: Client, route: Route, expected: int) -> None:
    ids = belongings_in_this_database(alice)
    body = None if route.is_reading else good_body(route, ids)
    status = 200 if route.is_reading else CALLS[route].status

    assert cost(alice, route.method, route.path.format(**ids), body, status) == expected


def belongings_in_this_database(alice: Client) -> dict[str, str]:
    user = User.objects.get(email="alice@example.org")
    links_of = {
        Letter.VERIFY_EMAIL: user.email,
        Letter.RESET_PASSWORD: user.email,
        Letter.CHANGE_EMAIL: "new@example.org",
    }
    token = alice.post("/auth/tokens/", {"name": "Backup script", "scopes": ["read"]}, "application/json").json()
    return {
        "email": user.email,
        "new_email": "new@example.org",
        "session_id": alice.get("/auth/sessions/").json()["results"][0]["id"],
        "token_id": token["id"],
        **{letter: links.address(letter, user, email).partition("=")[2] for letter, email in links_of.items()},
    }


def test_a_token_costs_one_statement_and_none_where_it_is_mistyped(alice: Client) -> None:
    token = alice.post("/auth/tokens/", {"name": "Script", "scopes": ["read"]}, "application/json").json()["token"]
    script = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    mistyped = Client(
        headers={"host": "localhost", "authorization": f"Bearer {token[:-1]}{'b' if token[-1] == 'a' else 'a'}"}
    )

    assert cost(script, "GET", "/api/lists/") == 3  # the token, the state and the page
    assert cost(mistyped, "GET", "/api/lists/", expected=401) == 0


def test_being_let_in_with_a_large_body_costs_none_because_the_session_is_a_copy(alice: Client) -> None:
    alice.get("/api/lists/")

    assert [cost(alice, method, "/api/admission/", expected=204) for method in ("GET", "POST")] == [0, 0]


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/", "/api/todos/?status=todo&limit=200", *ASKED])
def test_a_page_costs_two_the_state_of_the_data_and_its_rows_and_then_one(alice: Client, collection: str) -> None:
    assert cost(alice, "GET", collection) == 2
    assert cost(alice, "GET", collection) == 1


@pytest.mark.usefixtures("milk")
def test_what_is_overdue_costs_two_each_time_because_it_changes_with_the_clock(alice: Client) -> None:
    overdue = "/api/todos/?due=overdue&order=title"

    assert [cost(alice, "GET", overdue) for _ in range(3)] == [2, 2, 2]


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/", "/api/trash/"])
def test_a_poll_that_finds_nothing_new_costs_one_statement_and_one_call_to_redis(
    alice: Client, collection: str
) -> None:
    tag = alice.get(collection).headers["ETag"]
    before = calls_to_redis()

    assert cost(alice, "GET", collection, expected=304, If_None_Match=tag) == 1
    assert calls_to_redis() - before == 2  # the session, and the first of these two counts


def test_one_todo_costs_one_the_row(alice: Client, milk: Any) -> None:
    assert cost(alice, "GET", f"/api/todos/{milk['id']}/") == 1


def test_one_list_costs_one_the_row(alice: Client, groceries: Any) -> None:
    assert cost(alice, "GET", f"/api/lists/{groceries['id']}/") == 1


def test_creating_costs_two_the_revision_and_the_row(alice: Client, groceries: Any) -> None:
    todo = {"title": "Buy bread", "list_id": groceries["id"]}

    assert cost(alice, "POST", "/api/lists/", {"name": "Home"}, 201) == 2
    assert cost(alice, "POST", "/api/todos/", todo, 201) == 2


def test_a_call_that_may_be_repeated_costs_four_more_and_its_repetition_two(alice: Client) -> None:
    """The lock, the answer looked for, how much is kept, the answer; of a repetition the first two."""
    alice.get("/api/lists/")
    alice.defaults["HTTP_IDEMPOTENCY_KEY"] = "once"

    assert cost(alice, "POST", "/api/lists/", {"name": "Home"}, 201) == 2 + 4
    assert cost(alice, "POST", "/api/lists/", {"name": "Home"}, 201) == 2


def test_changing_costs_three_the_revision_and_the_row_read_and_written(
    alice: Client, groceries: Any, milk: Any
) -> None:
    assert cost(alice, "PATCH", f"/api/lists/{groceries['id']}/", {"color": "#2e9e5b"}) == 3
    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"status": "done", "version": 1}) == 3


def test_what_goes_into_the_inbox_costs_one_more_to_find_it(alice: Client) -> None:
    alice.get("/api/lists/")

    assert cost(alice, "POST", "/api/todos/", {"title": "Buy bread"}, 201) == 3


def test_another_place_costs_two_more_the_row_beside_and_the_one_beyond(
    alice: Client, groceries: Any, milk: Any
) -> None:
    home = alice.post("/api/lists/", {"name": "Home"}, "application/json").json()
    bread = {"title": "Buy bread", "list_id": groceries["id"], "before": milk["id"]}

    assert cost(alice, "POST", "/api/lists/", {"name": "Work", "before": groceries["id"]}, 201) == 4
    assert cost(alice, "PATCH", f"/api/lists/{home['id']}/", {"before": groceries["id"]}) == 5
    assert cost(alice, "POST", "/api/todos/", bread, 201) == 4
    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"after": newest(alice)}) == 4  # it is there already
    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"before": newest(alice)}) == 5


def newest(alice: Client) -> Any:
    return alice.get("/api/todos/").json()["results"][0]["id"]


def test_another_list_costs_one_more_the_room_in_it(alice: Client, milk: Any) -> None:
    home = alice.post("/api/lists/", {"name": "Home"}, "application/json").json()

    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"list_id": home["id"]}) == 4


def test_a_copy_costs_four_the_revision_the_original_and_the_copies_of_list_and_todos(
    alice: Client, groceries: Any, milk: Any
) -> None:
    more = {"title": milk["title"], "list_id": groceries["id"]}
    for _ in range(3):
        alice.post("/api/todos/", more, "application/json")

    assert cost(alice, "POST", f"/api/lists/{groceries['id']}/duplicate/", {}, 201) == 4


def test_deleting_costs_three_however_many_todos_a_list_holds(alice: Client, groceries: Any, milk: Any) -> None:
    assert cost(alice, "DELETE", f"/api/todos/{milk['id']}/", expected=204) == 3
    assert cost(alice, "DELETE", f"/api/lists/{groceries['id']}/", expected=204) == 3


def test_an_attachment_costs_a_statement_more_than_a_todo_because_it_is_seen_only_with_its_todo(
    alice: Client, milk: Any
) -> None:
    collection = f"/api/todos/{milk['id']}/attachments/"
    receipt = alice.post(f"{collection}?name=Receipt.txt", b"Oat milk: 2.19", "text/plain").json()
    item = f"/api/attachments/{receipt['id']}/"

    assert cost(alice, "GET", collection) == 3  # the state, the todo, the rows
    assert cost(alice, "GET", item) == 2
    assert cost(alice, "GET", f"{item}content/") == 2
    assert cost(alice, "POST", f"{collection}?name=a", "a", 201) == 4  # the revision, the todo, the room, the row
    assert cost(alice, "DELETE", item, expected=204) == 4


@pytest.mark.usefixtures("milk")
def test_an_export_costs_nine_the_state_a_lock_the_user_what_is_referred_to_and_each_kind(alice: Client) -> None:
    with statements() as sent:
        answer = alice.get("/api/export/")
        assert b"".join(answer.streaming_content).endswith(b"}\n")  # type: ignore[attr-defined]  # of a stream

    assert len(sent) == 9


@pytest.mark.usefixtures("groceries")
def test_an_import_costs_least_while_it_is_looked_at(alice: Client) -> None:
    path = "/api/imports/"

    assert cost(alice, "POST", path, EMPTY_EXPORT, 202) == 3  # the revision, the one before, the new one
    assert cost(alice, "POST", path, EMPTY_EXPORT, 202) == 5  # and patience, because what was put aside may be much
    path += f"{Import.objects.get().pk}/"
    assert cost(alice, "GET", path) == 1
    Import.objects.update(state=ImportState.CHECKED)
    # The revision and the import; patience; of each kind what is taken and all that is made; room, files, the end.
    assert cost(alice, "POST", f"{path}apply/") == 15
    assert cost(alice, "DELETE", path, expected=204) == 4


def test_the_trash_costs_three_the_state_the_lists_and_the_todos(alice: Client, groceries: Any, milk: Any) -> None:
    in_the_trash(alice, "todos", milk)
    in_the_trash(alice, "lists", groceries)

    assert cost(alice, "GET", "/api/trash/") == 3


def test_restoring_a_list_costs_four_however_many_todos_it_holds(alice: Client, groceries: Any, milk: Any) -> None:
    """The revision, the list read and written, and all todos written."""
    in_the_trash(alice, "lists", groceries)

    assert cost(alice, "POST", f"/api/trash/{groceries['id']}/restore/") == 4
    assert alice.get(f"/api/todos/{milk['id']}/").status_code == 200


def test_restoring_a_todo_costs_four_and_three_more_with_its_list(alice: Client, groceries: Any, milk: Any) -> None:
    """A list is looked for first, because an id does not say what it is of."""
    in_the_trash(alice, "todos", milk)
    assert cost(alice, "POST", f"/api/trash/{milk['id']}/restore/") == 4

    in_the_trash(alice, "todos", milk)
    in_the_trash(alice, "lists", groceries)
    assert cost(alice, "POST", f"/api/trash/{milk['id']}/restore/") == 7


def test_deleting_a_list_for_good_costs_three_and_emptying_the_trash_four(
    alice: Client, groceries: Any, milk: Any
) -> None:
    in_the_trash(alice, "todos", milk)
    in_the_trash(alice, "lists", groceries)
    assert cost(alice, "DELETE", f"/api/trash/{groceries['id']}/", expected=204) == 3

    home = alice.post("/api/lists/", {"name": "Home"}, "application/json").json()
    in_the_trash(alice, "lists", home)
    assert cost(alice, "DELETE", "/api/trash/", expected=204) == 4


def in_the_trash(alice: Client, kind: str, row: Any) -> None:
    assert alice.delete(f"/api/{kind}/{row['id']}/").status_code == 204


def test_a_batch_costs_one_and_what_each_command_costs_without_its_revision(alice: Client, groceries: Any) -> None:
    new = [{"do": "create_todo", "title": f"Number {number}", "list_id": groceries["id"]} for number in range(20)]
    assert cost(alice, "POST", "/api/batch/", {"commands": new}) == 1 + 20

    [milk] = alice.get("/api/todos/?limit=1").json()["results"]
    changes = [{"do": "complete_todo", "id": milk["id"]}, {"do": "delete_todo", "id": milk["id"]}]
    assert cost(alice, "POST", "/api/batch/", {"commands": changes}) == 1 + 2 + 2


def test_a_command_that_may_fail_alone_costs_a_savepoint_and_its_end(alice: Client, groceries: Any) -> None:
    new = [{"do": "create_todo", "title": f"Number {number}", "list_id": groceries["id"]} for number in range(20)]

    assert cost(alice, "POST", "/api/batch/", {"commands": new, "atomic": False}) == 1 + 3 * 20


def test_a_live_check_costs_none() -> None:
    assert cost(Client(headers={"host": "localhost"}), "GET", "/health/live/") == 0


# A session is one call; so is each of the two ways to look for an answer that is kept, and to keep one.
CALLS_TO_REDIS = {
    ("GET", "/api/lists/?limit=7", 200): 3,
    ("GET", "/api/lists/", 200): 2,
    ("GET", "/api/todos/?limit=7", 200): 3,
    ("GET", "/api/todos/", 200): 2,
    ("GET", "/api/todos/?due=overdue", 200): 1,
    ("GET", "/api/trash/", 200): 1,
    ("GET", "/api/lists/{list_id}/", 200): 1,
    ("GET", "/api/todos/{todo_id}/", 200): 1,
    ("GET", "/auth/me/", 200): 0,
    ("POST", "/api/todos/", 201): 1,
    ("PATCH", "/api/todos/{todo_id}/", 200): 1,
    ("DELETE", "/api/todos/{todo_id}/", 204): 1,
}


@pytest.mark.parametrize(("asked", "expected"), CALLS_TO_REDIS.items(), ids=str)
def test_calls_to_redis(alice: Client, milk: Any, asked: tuple[str, str, int], expected: int) -> None:
    method, path, status = asked
    path = path.format(list_id=milk["list_id"], todo_id=milk["id"])
    for known in ("/api/lists/", "/api/todos/"):
        alice.get(known)
    before = calls_to_redis()

    cost(alice, method, path, {"title": "Buy bread"} if method in ("POST", "PATCH") else None, status)

    assert calls_to_redis() - before - 1 == expected  # the first of these two counts


def calls_to_redis() -> int:
    found: int = redis.client().info("stats")["total_commands_processed"]
    return found
