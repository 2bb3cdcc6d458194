"""The calls."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
import msgspec
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field
from uuid_utils.compat import uuid7

from bench.addresses import database_options
from bench.baselines import MOST, PRIORITIES, statements
from bench.baselines.bodies import NOWHERE, Page, Row, list_of, position_of, todo_of
from bench.baselines.csrf import is_own_request

CONNECTIONS = 8  # of each process
SAFE = ("GET", "HEAD")
UNKNOWN_LIST = HTTPException(422, "There is no such list.")
NOT_FOUND = HTTPException(404, "There is no such todo.")

StatusName = Literal["todo", "in_progress", "done", "cancelled"]
PriorityName = Literal["none", "low", "medium", "high", "urgent"]
Title = Annotated[str, Field(min_length=1, max_length=500)]
Limit = Annotated[int, Field(ge=1, le=MOST)]


class TodoCreate(BaseModel):
    title: Title
    list_id: UUID
    description: str = ""
    status: StatusName = "todo"
    priority: PriorityName = "none"
    due_date: date | None = None


class TodoUpdate(BaseModel):
    title: Title | None = None
    list_id: UUID | None = None
    description: str | None = None
    status: StatusName | None = None
    priority: PriorityName | None = None
    due_date: date | None = None


@asynccontextmanager
async def pool(app: FastAPI) -> AsyncIterator[None]:
    options = database_options()
    options["database"] = options.pop("dbname")
    settings = {"jit": "off", "max_parallel_workers_per_gather": "0"}  # as Doable has it
    async with asyncpg.create_pool(
        **options, min_size=CONNECTIONS, max_size=CONNECTIONS, server_settings=settings
    ) as connections:
        app.state.pool = connections
        yield


app = FastAPI(lifespan=pool, docs_url=None, redoc_url=None, openapi_url=None)


async def caller(request: Request) -> str:
    """Return the id of the user whose session the cookie names."""
    token, headers = request.cookies.get("sessionid", ""), request.headers
    if request.method not in SAFE and not is_own_request(
        request.cookies.get("csrftoken", ""),
        headers.get("x-csrftoken", ""),
        headers.get("origin", ""),
        headers["host"],
    ):
        raise HTTPException(403, "The CSRF token is missing or wrong.")
    token_hash = hashlib.sha256(token.encode()).digest()
    user_id: str | None = await request.app.state.pool.fetchval(statements.SESSION, token_hash)
    if user_id is None:
        raise HTTPException(401, "Log in first.")
    return user_id


Caller = Annotated[str, Depends(caller)]


@app.get("/api/todos/")
async def todos(  # noqa: PLR0913, PLR0917 - the parameters of the query
    request: Request,
    user_id: Caller,
    status: StatusName,
    created_before: datetime | None = None,
    cursor: str = "",
    limit: Limit = 50,
) -> Response:
    place = read(cursor) if cursor else (created_before or NOWHERE[0], NOWHERE[1])
    rows = await request.app.state.pool.fetch(statements.PAGE, user_id, status, *place, limit + 1)
    results = [todo_of(row) for row in rows[:limit]]
    return answer(
        Page(
            results,
            write(results[-1].created_at, results[-1].id) if len(rows) > limit else None,
            write(results[0].created_at, results[0].id) if cursor else None,
        )
    )


@app.get("/api/lists/")
async def lists(request: Request, user_id: Caller, limit: Limit = 50) -> Response:
    rows = await request.app.state.pool.fetch(statements.LISTS, user_id, limit + 1)
    results = [list_of(row) for row in rows[:limit]]
    return answer(Page(results, write(results[-1].created_at, results[-1].id) if len(rows) > limit else None, None))


@app.get("/api/todos/{todo_id}/")
async def todo(request: Request, user_id: Caller, todo_id: UUID) -> Response:
    return answer(found(await request.app.state.pool.fetchrow(statements.TODO, todo_id, user_id), NOT_FOUND))


@app.post("/api/todos/")
async def create(request: Request, user_id: Caller, new: TodoCreate) -> Response:
    now = datetime.now(UTC)
    row = await request.app.state.pool.fetchrow(
        statements.insert(),
        uuid7(),
        user_id,
        new.list_id,
        new.title,
        new.description,
        new.status,
        PRIORITIES.index(new.priority),
        new.due_date,
        position_of(now),
        now,
    )
    return answer(found(row, UNKNOWN_LIST), 201)


@app.patch("/api/todos/{todo_id}/")
async def update(request: Request, user_id: Caller, todo_id: UUID, changes: TodoUpdate) -> Response:
    given = changes.model_dump(exclude_unset=True)
    if "priority" in given:
        given["priority"] = PRIORITIES.index(given["priority"])
    statement, now = statements.update([*given]), datetime.now(UTC)
    try:
        row = await request.app.state.pool.fetchrow(statement, todo_id, user_id, now, *given.values())
    except asyncpg.ForeignKeyViolationError:
        raise UNKNOWN_LIST from None
    return answer(found(row, NOT_FOUND))


def found(row: Row | None, otherwise: HTTPException) -> Any:
    if row is None:
        raise otherwise
    return todo_of(row)


def answer(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def write(created_at: datetime, row_id: str) -> str:
    return urlsafe_b64encode(msgspec.json.encode((created_at, row_id))).decode()


def read(cursor: str) -> tuple[datetime, UUID]:
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor), type=tuple[datetime, UUID])
    except ValueError:
        raise HTTPException(400, "That is no cursor.") from None
