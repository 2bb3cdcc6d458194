"""Calls that may be repeated: with the header Idempotency-Key, the second time gives the answer of the first.

The answer is stored in the transaction of the change itself, so there is never one without the other: not when the
process is killed between the two, and not for whoever asks again while the first call still runs.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from app.common import queries
from app.common.errors import Code, Problem
from app.common.queries import Answer
from app.common.statements import fetch_one

MOST_BYTES = 256 * 1024**2  # of answers to one user; some who call at the same moment may pass it by theirs
FULL = f"The answers kept for your keys take {MOST_BYTES // 1024**2} MiB. Try again in an hour, or without a key."
KEY = re.compile(r'(?P<quote>"?)(?P<key>[!#-\[\]-~]{1,200})(?P=quote)')  # visible ASCII, quoted as by the IETF or not
LOCK = "SELECT pg_try_advisory_xact_lock(%s)"

Method = TypeVar("Method", bound=Callable[..., Any])


def repeatable(method: Method) -> Method:
    """Let a method of a view honour Idempotency-Key; what it raises is not kept, and may be tried again."""

    @wraps(method)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        given = request.headers.get("Idempotency-Key")
        if given is None:
            return cast("Response", method(view, request, *args, **kwargs))
        call = Call(request, given)
        with transaction.atomic(durable=True):
            return call.stored_answer() or call.store(method(view, request, *args, **kwargs))

    once.is_repeatable = True  # type: ignore[attr-defined]  # read where the API is described
    return once  # type: ignore[return-value]  # the same signature


class Call:
    """A request with an Idempotency-Key; raises Problem (422) for what is no key."""

    def __init__(self, request: Request, given: str) -> None:
        found = KEY.fullmatch(given)
        if found is None:
            raise Problem(Code.INVALID, "Idempotency-Key has to be 1 to 200 visible ASCII characters.")
        self._user_id: Any = request.user.id  # of an Account, as IsAuthenticated says
        self._key = found["key"]
        asked = (request.method, request.get_full_path(), request.headers.get("If-Match"), request.data)
        self._fingerprint = hashlib.sha256(msgspec.json.encode(asked, order="sorted", enc_hook=digest_of)).digest()

    def stored_answer(self) -> HttpResponse | None:
        """Return the answer of the first call.

        Raises Problem: 409 while that still runs, 422 if it was another one, 429 where there is no room for one. The
        lock goes before the look, because only a statement that begins after the first call's end sees it.
        """
        self._lock()
        stored = queries.find_answer(self._user_id, self._key)
        if stored is None:
            require_room(self._user_id)
            return None
        if stored.fingerprint != self._fingerprint:
            raise Problem(Code.IDEMPOTENCY_KEY_REUSED)
        headers = {"Idempotency-Replayed": "true"} | ({"ETag": stored.etag} if stored.etag else {})
        return HttpResponse(stored.body, "application/json", stored.status, headers=headers)

    def _lock(self) -> None:
        name = hashlib.sha256(f"{self._user_id}:{self._key}".encode()).digest()
        if fetch_one(LOCK, [int.from_bytes(name[:8], signed=True)]) == (False,):
            raise Problem(Code.IDEMPOTENCY_IN_FLIGHT, retry_after=1)

    def store(self, response: Response) -> Response:
        """Keep an answer with the change that it tells of."""
        body = b"" if response.data is None else msgspec.json.encode(response.data)
        answer = Answer(self._fingerprint, response.status_code, body, response.headers.get("ETag", ""))
        queries.keep_answer(self._user_id, self._key, answer)
        return response


def require_room(user_id: UUID) -> None:
    """Raise Problem (429) where so many answers are kept for a user that one more could not be."""
    if queries.kept_bytes(user_id) >= MOST_BYTES:
        raise Problem(Code.RATE_LIMITED, FULL, retry_after=3600)


def digest_of(body: Any) -> str:
    """Let a body that is no JSON, and lies on disk, be known by its SHA-256."""
    return str(body.sha256)


def purge_answers() -> int:
    """Delete the answers that are older than a day (a periodic job); return how many."""
    total = 0
    while count := queries.delete_old_answers():
        total += count
    return total
