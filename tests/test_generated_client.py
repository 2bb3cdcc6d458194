"""A client that a generator makes from the description does all that a client does, as it was generated."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from tests.cast import PASSWORD, URL
from tests.tags import tag_of

PACKAGE = "doable_client"
connections = ExitStack()  # of the clients, until the last test


@pytest.fixture(scope="module", autouse=True)
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Generate the client from the description that the service serves, and let it be imported."""
    folder = tmp_path_factory.mktemp("generated")
    complaints = generate(config=configuration(folder / PACKAGE))
    assert not complaints, complaints
    sys.path.insert(0, str(folder))
    with connections:
        yield
    sys.path.remove(str(folder))


def configuration(output: Path) -> Config:
    return Config.from_sources(
        ConfigFile(post_hooks=[], http_timeout=20),
        MetaType.NONE,
        document_source=f"{URL}/api/schema/",
        file_encoding="utf-8",
        overwrite=False,
        output_path=output,
    )


def of(module: str) -> Any:
    """Return a module of the generated client."""
    return importlib.import_module(f"{PACKAGE}.{module}")


def call(tag: str, operation: str, client: Any, *ids: Any, **given: Any) -> Any:
    """Call an operation, and return the status and what the client made of the body."""
    answer = of(f"api.{tag}.{operation}").sync_detailed(*ids, client=client, **given)
    return answer.status_code, answer.parsed


def model(kind: str, **members: Any) -> Any:
    return getattr(of("models"), kind)(**members)


def connect(kind: str, **options: Any) -> Any:
    client = getattr(of("client"), kind)(URL, **options)
    connections.enter_context(client.get_httpx_client())
    return client


def new_visitor() -> Any:
    """Return a client with the CSRF token and cookie of somebody who is not logged in."""
    visitor = connect("Client")
    _, shown = call("accounts", "get_csrf_token", visitor)
    visitor.with_headers({"X-CSRFToken": shown.csrf_token})
    return visitor


def logged_in(answer: Any, visitor: Any) -> Any:
    """Return the client of a session: what it shows in its header is the CSRF token."""
    cookies = dict(visitor.get_httpx_client().cookies)
    token = {"token": answer.csrf_token, "prefix": "", "auth_header_name": "X-CSRFToken"}
    return connect("AuthenticatedClient", cookies=cookies, **token)


@pytest.fixture(scope="module")
def me() -> Any:
    visitor = new_visitor()
    body = model("Registration", email=f"generated-{uuid4().hex}@example.org", password=PASSWORD, name="Ann")
    status, welcome = call("accounts", "register", visitor, body=body)
    assert status == HTTPStatus.CREATED
    return logged_in(welcome, visitor)


@pytest.fixture(scope="module")
def groceries(me: Any) -> Any:
    status, made = call("lists", "create_list", me, body=model("ListCreate", name="Groceries"))
    assert status == HTTPStatus.CREATED
    return made


def create_todo(me: Any, groceries: Any, title: str, **more: Any) -> Any:
    body = model("TodoCreate", title=title, list_id=groceries.id, **more)
    status, made = call("todos", "create_todo", me, body=body)
    assert status == HTTPStatus.CREATED
    return made


def test_it_logs_in_and_out(me: Any) -> None:
    _, account = call("accounts", "get_account", me)
    visitor = new_visitor()
    _, welcome = call("accounts", "log_in", visitor, body=model("Credentials", email=account.email, password=PASSWORD))
    again = logged_in(welcome, visitor)

    status, _ = call("accounts", "log_out", again)

    assert welcome.user == account
    assert status == HTTPStatus.NO_CONTENT
    assert call("accounts", "get_account", again)[0] == HTTPStatus.UNAUTHORIZED


def test_it_changes_the_account(me: Any) -> None:
    body = model("AccountUpdate", name="Ann Other", time_zone="Europe/Rome")

    _, account = call("accounts", "update_account", me, body=body)

    assert (account.name, account.time_zone) == ("Ann Other", "Europe/Rome")


def test_it_keeps_a_list_from_beginning_to_end(me: Any) -> None:
    _, made = call("lists", "create_list", me, body=model("ListCreate", name="Errands", color="#3366ff"))
    _, changed = call("lists", "update_list", me, made.id, body=model("ListUpdate", is_archived=True))
    _, read = call("lists", "get_list", me, made.id)
    status, _ = call("lists", "delete_list", me, made.id)

    assert (made.name, made.color, made.version) == ("Errands", "#3366ff", 1)
    assert (changed.is_archived, changed.version) == (True, 2)
    assert read == changed
    assert status == HTTPStatus.NO_CONTENT
    assert call("lists", "get_list", me, made.id)[0] == HTTPStatus.NOT_FOUND


def test_it_keeps_a_todo_from_beginning_to_end(me: Any, groceries: Any) -> None:
    models = of("models")
    day = date(2026, 12, 24)
    made = create_todo(me, groceries, "Buy oat milk", due_date=day, priority=models.Priority.HIGH)
    body = model("TodoUpdate", status=models.Status.DONE, due_date=None)
    _, changed = call("todos", "update_todo", me, made.id, body=body)
    _, read = call("todos", "get_todo", me, made.id)
    status, _ = call("todos", "delete_todo", me, made.id)

    assert (made.due_date, made.priority, made.status) == (day, models.Priority.HIGH, models.Status.TODO)
    assert isinstance(made.id, UUID)
    assert isinstance(made.created_at, datetime)
    assert (changed.due_date, changed.status, changed.title) == (None, models.Status.DONE, "Buy oat milk")
    assert read == changed
    assert status == HTTPStatus.NO_CONTENT


def test_it_pages_to_the_end_and_back(me: Any) -> None:
    _, home = call("lists", "create_list", me, body=model("ListCreate", name="Home"))
    made = [create_todo(me, home, f"Window {number}") for number in range(5)]

    _, first = call("todos", "get_todos", me, list_id=home.id, limit=3)
    _, last = call("todos", "get_todos", me, list_id=home.id, limit=3, cursor=first.next_)
    _, back = call("todos", "get_todos", me, list_id=home.id, limit=3, cursor=last.previous)

    assert [*first.results, *last.results] == made[::-1]
    assert last.next_ is None
    assert back.results == first.results


def test_it_repeats_a_call(me: Any) -> None:
    body = model("ListCreate", name="Once")

    _, first = call("lists", "create_list", me, body=body, idempotency_key="a-lost-answer")
    _, second = call("lists", "create_list", me, body=body, idempotency_key="a-lost-answer")

    assert first == second
    status, problem = call(
        "lists", "create_list", me, body=model("ListCreate", name="Twice"), idempotency_key="a-lost-answer"
    )
    assert (status, problem.code) == (HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused")


def test_it_asks_for_what_is_new(me: Any, groceries: Any) -> None:
    known = tag_of(groceries.to_dict())
    status, nothing = call("lists", "get_list", me, groceries.id, if_none_match=known)

    assert (status, nothing) == (HTTPStatus.NOT_MODIFIED, None)


def test_it_understands_a_collision(me: Any, groceries: Any) -> None:
    todo = create_todo(me, groceries, "Buy oat milk")
    call("todos", "update_todo", me, todo.id, body=model("TodoUpdate", title="Buy soy milk"))
    late = model("TodoUpdate", title="Buy rice milk", version=1)

    status, problem = call("todos", "update_todo", me, todo.id, body=late)
    before = tag_of(todo.to_dict())
    strict = call("todos", "update_todo", me, todo.id, body=model("TodoUpdate", title="Buy milk"), if_match=before)

    assert status == strict[0] == HTTPStatus.PRECONDITION_FAILED
    assert (problem.code, problem.fields) == ("stale_version", ["title"])
    assert problem.theirs["title"] == "Buy soy milk"
    assert problem.yours["title"] == "Buy rice milk"


def test_it_understands_what_is_wrong(me: Any, groceries: Any) -> None:
    status, problem = call(
        "todos", "create_todo", me, body=model("TodoCreate", title="", list_id=groceries.id, due_timezone="Nowhere")
    )

    assert (status, problem.code) == (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid")
    assert {error.pointer: error.code for error in problem.errors} == {
        "/title": "too_short",
        "/due_timezone": "invalid_format",
    }


def test_it_works_with_an_api_token_as_well(me: Any, groceries: Any) -> None:
    scope = of("models").Scope
    _, token = call(
        "accounts", "create_token", me, body=model("TokenCreate", name="Reader", scopes=[scope.READ, scope.WRITE])
    )
    program = connect("AuthenticatedClient", token=token.token)

    todo = create_todo(program, groceries, "Buy bread")

    assert call("todos", "get_todo", program, todo.id) == (HTTPStatus.OK, todo)
    assert call("accounts", "get_account", program)[0] == HTTPStatus.FORBIDDEN
