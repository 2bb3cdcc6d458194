"""The routes of the service, walked from its URL map, and one good call of each."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import requests
from django.urls import URLResolver

from app.accounts.models import Purpose
from app.accounts.serializers import (
    AccountUpdate,
    Credentials,
    EmailChange,
    LinkProof,
    PasswordChange,
    PasswordProof,
    PasswordReset,
    PasswordResetRequest,
    Registration,
    TokenCreate,
)
from app.common.serializers import Serializer
from app.config.urls import INTERNAL, urlpatterns
from app.exchange.batch.serializers import Batch
from app.lists.serializers import ListCopy, ListCreate, ListUpdate
from app.todos.serializers import TodoCreate, TodoUpdate
from tests.cast import PASSWORD, Person
from tests.rows import checked_import, mailed_tokens

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
Ids = dict[str, str]
NOWHERE: dict[str, str] = {
    "list_id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910",
    "todo_id": "019aac42-5d17-7e02-a1b8-90c3d4e5f607",
    "attachment_id": "019aac45-80a1-7c30-9d5e-23f6a7b8c93a",
    "trashed_id": "019aac45-80a4-7b35-94eb-23f6a7b8c93a",
    "session_id": "019aac43-6e28-7f13-b2c9-01d4e5f6a718",
    "token_id": "019aac44-7f39-7a24-83da-12e5f6a7b829",
    "import_id": "019aac45-80a1-7b35-94eb-23f6a7b8c93a",
    "email": "nobody@example.org",
    "new_email": "new-nobody@example.org",
    **dict.fromkeys(map(str, Purpose), "not-one-of-ours"),
}


EMPTY_EXPORT = {
    "format": "doable",
    "version": 1,
    "exported_at": "2026-11-22T08:00:00Z",
    "account": {"name": "Alice", "time_zone": "Europe/Rome"},
    "lists": [],
    "todos": [],
    "contents": [],
    "attachments": [],
}


class Route(NamedTuple):
    """A method at a path, which names its ids in braces."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_reading(self) -> bool:
        return self.method in ("GET", "HEAD", "OPTIONS")

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


class Call(NamedTuple):
    """What an unsafe route takes: its payload, and the smallest body that it accepts; None for no body.

    ``status`` is what it answers to whoever may do it; ``content`` is a body that is no JSON.
    """

    payload: type[Serializer] | None = None
    body: dict[str, Any] | None = None
    status: int = 204
    content: bytes | None = None
    query: dict[str, str] | None = None


def walk(patterns: Iterable[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + CONVERTER.sub(r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, path)
        else:
            yield from (Route(method, path) for method in methods_of(pattern.callback))


def methods_of(view: Any) -> list[str]:
    own = set(view.cls.http_method_names) - {"head", "options"}
    return sorted(name.upper() for name in own if hasattr(view.cls, name))


# The pages of /admin/ are no part of the API (tests/test_admin.py walks them), nor is what nginx alone opens.
OPEN = (found for found in urlpatterns if getattr(found, "app_name", "") != "admin")
ROUTES = [route for route in walk(OPEN, "/") if route.path not in INTERNAL]
UNSAFE = [route for route in ROUTES if not route.is_reading]

# Every unsafe route stands here: a new one without a line fails the tests that go through them all.
CALLS = {
    Route("POST", "/api/lists/"): Call(ListCreate, {"name": "Errands"}, 201),
    Route("PATCH", "/api/lists/{list_id}/"): Call(ListUpdate, {"name": "Errands"}, 200),
    Route("DELETE", "/api/lists/{list_id}/"): Call(),
    Route("POST", "/api/lists/{list_id}/duplicate/"): Call(ListCopy, {"name": "Errands"}, 201),
    Route("POST", "/api/todos/"): Call(TodoCreate, {"title": "Post the letter", "list_id": "{list_id}"}, 201),
    Route("PATCH", "/api/todos/{todo_id}/"): Call(TodoUpdate, {"title": "Post the letter"}, 200),
    Route("DELETE", "/api/todos/{todo_id}/"): Call(),
    Route("POST", "/api/todos/{todo_id}/attachments/"): Call(
        status=201, content=b"Oat milk: 2.19", query={"name": "Receipt.txt"}
    ),
    Route("DELETE", "/api/attachments/{attachment_id}/"): Call(),
    Route("POST", "/api/imports/"): Call(None, EMPTY_EXPORT, 202),
    Route("POST", "/api/imports/{import_id}/apply/"): Call(None, None, 200),
    Route("DELETE", "/api/imports/{import_id}/"): Call(),
    Route("POST", "/api/batch/"): Call(Batch, {"commands": [{"do": "create_list", "name": "Errands"}]}, 200),
    Route("DELETE", "/api/trash/"): Call(),
    Route("DELETE", "/api/trash/{trashed_id}/"): Call(),
    Route("POST", "/api/trash/{trashed_id}/restore/"): Call(status=200),
    Route("POST", "/auth/register/"): Call(Registration, {"email": "{new_email}", "password": PASSWORD}, 201),
    Route("POST", "/auth/login/"): Call(Credentials, {"email": "{email}", "password": PASSWORD}, 200),
    Route("POST", "/auth/logout/"): Call(),
    Route("POST", "/auth/reauthenticate/"): Call(PasswordProof, {"password": PASSWORD}, 200),
    Route("PATCH", "/auth/me/"): Call(AccountUpdate, {"name": "Alice"}, 200),
    Route("DELETE", "/auth/me/"): Call(),
    Route("POST", "/auth/password/change/"): Call(
        PasswordChange, {"current_password": PASSWORD, "new_password": "another horse battery staple"}, 200
    ),
    Route("POST", "/auth/password/reset/"): Call(PasswordResetRequest, {"email": "{email}"}, 202),
    Route("POST", "/auth/password/reset/confirm/"): Call(
        PasswordReset, {"token": "{reset_password}", "password": PASSWORD}
    ),
    Route("POST", "/auth/email/verify/"): Call(LinkProof, {"token": "{verify_email}"}),
    Route("POST", "/auth/email/change/"): Call(EmailChange, {"email": "{new_email}"}, 202),
    Route("POST", "/auth/email/change/confirm/"): Call(LinkProof, {"token": "{change_email}"}),
    Route("DELETE", "/auth/sessions/"): Call(),
    Route("DELETE", "/auth/sessions/{session_id}/"): Call(),
    Route("POST", "/auth/tokens/"): Call(TokenCreate, {"name": "Backup script", "scopes": ["read"]}, 201),
    Route("DELETE", "/auth/tokens/{token_id}/"): Call(),
}


def belongings(person: Person, database: str = "") -> Ids:
    """Make one of each, and return what the paths and bodies of the routes name; at will in another database."""
    groceries = person.make_list()
    todo, trashed = person.make_todo(groceries), person.make_todo(groceries)
    assert person.delete(f"/api/todos/{trashed['id']}/").ok
    [session, *_] = person.get("/auth/sessions/").json()["results"]
    return {
        "list_id": groceries["id"],
        "todo_id": todo["id"],
        "attachment_id": person.attach(todo)["id"],
        "trashed_id": trashed["id"],
        "session_id": session["id"],
        "token_id": person.make_token()["id"],
        "import_id": checked_import(person, database),
        "email": person.email,
        "new_email": f"new-{person.email}",
        **mailed_tokens(person, database),
    }


def call(person: Person, route: Route, ids: Ids, body: Any = None, **options: Any) -> requests.Response:
    """Call a route with its good body, or with another one."""
    if body is None and not route.is_reading:
        body = good_body(route, ids)
        options = {"data": CALLS[route].content, "params": CALLS[route].query, **options}
    return person.request(route.method, route.path.format(**ids), json=body, **options)


def good_body(route: Route, ids: Ids) -> dict[str, Any] | None:
    body = CALLS[route].body
    return body and {name: value.format(**ids) if isinstance(value, str) else value for name, value in body.items()}
