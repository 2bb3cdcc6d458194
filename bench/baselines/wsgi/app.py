"""The calls."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
import psycopg
from uuid_utils.compat import uuid7

from bench.baselines import MOST, PRIORITIES, statements
from bench.baselines.bodies import NOWHERE, Page, list_of, position_of, todo_of
from bench.baselines.csrf import is_own_request
from bench.baselines.wsgi.stores import ask, fetch

Environment = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]
StatusName = Literal["todo", "in_progress", "done", "cancelled"]
PriorityName = Literal["none", "low", "medium", "high", "urgent"]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]

KEY = os.environ["SECRET_KEY"].encode()
SESSION_SECONDS, PAGE_SECONDS = b"60", b"120"
LINES = {200: "200 OK", 201: "201 Created", 304: "304 Not Modified"}
HAS_ROOM = "(SELECT count(*) FROM core_todo WHERE list_id = $3) < 10000"  # as with Doable


class TodoCreate(msgspec.Struct, forbid_unknown_fields=True):
    title: Title
    list_id: UUID
    description: str = ""
    status: StatusName = "todo"
    priority: PriorityName = "none"
    due_date: date | None = None


class TodoUpdate(msgspec.Struct, forbid_unknown_fields=True):
    title: Title | msgspec.UnsetType = msgspec.UNSET
    list_id: UUID | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    status: StatusName | msgspec.UnsetType = msgspec.UNSET
    priority: PriorityName | msgspec.UnsetType = msgspec.UNSET
    due_date: date | msgspec.UnsetType | None = msgspec.UNSET


class Refusal(Exception):  # noqa: N818 - an answer
    """A request that is refused, and the status line to say so."""


class Answer(msgspec.Struct):
    """What goes out."""

    body: bytes
    status: int = 200
    tag: str = ""


def application(environment: Environment, start: Start) -> Iterable[bytes]:
    try:
        answer = handle(environment)
    except Refusal as refusal:
        environment["wsgi.input"].read()  # or the server closes the connection
        start(str(refusal), [("Content-Type", "application/problem+json")])
        return [b'{"title":"' + str(refusal).encode() + b'"}']
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer.body)))]
    start(LINES[answer.status], [*headers, ("ETag", answer.tag)] if answer.tag else headers)
    return [answer.body]


def handle(environment: Environment) -> Answer:
    path, method = environment["PATH_INFO"], environment["REQUEST_METHOD"]
    user_id = caller(environment, cookies_of(environment), is_safe=method == "GET")
    if method == "GET" and path in {"/api/todos/", "/api/lists/"}:
        return collection(environment, user_id, path)
    if method == "POST" and path == "/api/todos/":
        return create(user_id, body(environment, TodoCreate))
    todo_id = id_in(path)
    return show(user_id, todo_id) if method == "GET" else update(user_id, todo_id, body(environment, TodoUpdate))


# --- who asks ------------------------------------------------------------------------------------


def cookies_of(environment: Environment) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in environment.get("HTTP_COOKIE", "").split("; "))
    return {name: value for name, _, value in pairs}


def caller(environment: Environment, cookies: dict[str, str], *, is_safe: bool) -> str:
    """Return the id of the user whose session the cookie names, by its copy in Redis or its row."""
    header, origin = environment.get("HTTP_X_CSRFTOKEN", ""), environment.get("HTTP_ORIGIN", "")
    if not is_safe and not is_own_request(cookies.get("csrftoken", ""), header, origin, environment["HTTP_HOST"]):
        raise Refusal("403 Forbidden")
    token_hash = hashlib.sha256(cookies.get("sessionid", "").encode()).digest()
    key = b"limit:session:" + token_hash
    copy = ask(b"GET", key)
    if copy is None:
        found = fetch(statements.SESSION, token_hash)
        if not found:
            raise Refusal("401 Unauthorized")
        copy = str(found[0][0]).encode()
        ask(b"SET", key, copy, b"EX", SESSION_SECONDS)
    return str(copy, "ascii")


# --- collections ---------------------------------------------------------------------------------


def collection(environment: Environment, user_id: str, path: str) -> Answer:
    """Answer a page from Redis, if it is there under the user's revision; 304 to who has it."""
    query = environment["QUERY_STRING"]
    revision = fetch(statements.REVISION, user_id)[0][0]
    key = f"limit:{user_id}:{revision}:{path}?{query}".encode()
    tag = f'"{hashlib.sha256(key).hexdigest()[:32]}"'
    if environment.get("HTTP_IF_NONE_MATCH") == tag:
        return Answer(b"", 304, tag)
    kept = ask(b"GET", key)
    if kept is None:
        asked = dict(parse_qsl(query))
        kept = msgspec.json.encode(todo_page(user_id, asked) if path == "/api/todos/" else list_page(user_id, asked))
        ask(b"SET", key, kept, b"EX", PAGE_SECONDS)
    return Answer(kept, 200, tag)


def todo_page(user_id: str, asked: dict[str, str]) -> Page:
    limit, scope = limit_of(asked), f"{user_id}:{asked['status']}:{asked.get('created_before')}"
    before = asked.get("created_before")
    place = (datetime.fromisoformat(before), NOWHERE[1]) if before else NOWHERE
    if cursor := asked.get("cursor"):
        place = read(cursor, scope)
    rows = fetch(statements.PAGE, user_id, asked["status"], *place, limit + 1)
    results = [todo_of(row) for row in rows[:limit]]
    return Page(
        results,
        write(results[-1].created_at, results[-1].id, scope) if len(rows) > limit else None,
        write(results[0].created_at, results[0].id, scope) if cursor else None,
    )


def list_page(user_id: str, asked: dict[str, str]) -> Page:
    limit = limit_of(asked)
    rows = fetch(statements.LISTS, user_id, limit + 1)
    results = [list_of(row) for row in rows[:limit]]
    last = results[-1]
    return Page(results, write(last.created_at, last.id, user_id) if len(rows) > limit else None, None)


def limit_of(asked: dict[str, str]) -> int:
    limit = int(asked.get("limit", 50))
    if not 1 <= limit <= MOST:
        raise Refusal("422 Unprocessable Content")
    return limit


def write(created_at: datetime, row_id: str, scope: str) -> str:
    place = msgspec.json.encode((created_at, row_id))
    return urlsafe_b64encode(signature(place, scope) + place).decode()


def read(cursor: str, scope: str) -> tuple[datetime, UUID]:
    given = urlsafe_b64decode(cursor)
    if not hmac.compare_digest(given[:32], signature(given[32:], scope)):
        raise Refusal("400 Bad Request")
    return msgspec.json.decode(given[32:], type=tuple[datetime, UUID])


def signature(place: bytes, scope: str) -> bytes:
    return hmac.digest(KEY, scope.encode() + place, "sha256")


# --- one todo ------------------------------------------------------------------------------------


def show(user_id: str, todo_id: UUID) -> Answer:
    return one(fetch(statements.TODO, todo_id, user_id), "404 Not Found")


def create(user_id: str, new: TodoCreate) -> Answer:
    now, priority = datetime.now(UTC), PRIORITIES.index(new.priority)
    values = (new.list_id, new.title, new.description, new.status, priority, new.due_date)
    row = fetch(counted(statements.insert(HAS_ROOM)), uuid7(), UUID(user_id), *values, position_of(now), now)
    return one(row, "422 Unprocessable Content", 201)


def update(user_id: str, todo_id: UUID, changes: TodoUpdate) -> Answer:
    asked = msgspec.structs.asdict(changes)
    given = {name: value for name, value in asked.items() if value is not msgspec.UNSET}
    if "priority" in given:
        given["priority"] = PRIORITIES.index(given["priority"])
    try:
        row = fetch(
            counted(statements.update([*given], noted(given))), todo_id, user_id, datetime.now(UTC), *given.values()
        )
    except psycopg.errors.ForeignKeyViolation:
        raise Refusal("422 Unprocessable Content") from None
    return one(row, "404 Not Found")


def noted(names: Iterable[str]) -> str:
    """Let the row remember which version has changed these members, as with Doable."""
    versions = ", ".join(f"'{name}', version + 1" for name in names)
    return f"field_versions = field_versions || jsonb_build_object({versions}), "


def counted(change: str) -> str:
    """Return the statement that makes a change and, if it was made, a new revision of its user."""
    return f"""
        WITH changed AS ({change}), counted AS (
            UPDATE core_user SET revision = revision + 1 WHERE id = $2 AND EXISTS (SELECT FROM changed)
        ) SELECT * FROM changed
    """  # noqa: S608 - made of constants


def one(rows: list[tuple[Any, ...]], otherwise: str, status: int = 200) -> Answer:
    if not rows:
        raise Refusal(otherwise)
    row = todo_of(rows[0])
    return Answer(msgspec.json.encode(row), status, f'"{row.version}"')


def id_in(path: str) -> UUID:
    try:
        return UUID(path.removeprefix("/api/todos/").removesuffix("/"))
    except ValueError:
        raise Refusal("404 Not Found") from None


def body(environment: Environment, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(environment["wsgi.input"].read(), type=kind)
    except msgspec.ValidationError:
        raise Refusal("422 Unprocessable Content") from None
    except msgspec.DecodeError:
        raise Refusal("400 Bad Request") from None
