"""What is asked for again and again: whether anything has changed costs one look at one number.

Every change of a user's data counts up the revision in the user's row (``services.writing``). The revision is read
before the data, and both the ETag of an answer and the name it is kept by are made of it: nothing in Redis can make
an answer older than that look.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from app.accounts.authentication import caller
from app.accounts.queries import users
from app.common import cache
from app.common.conditional import by_content, bytes_or_304, has, not_modified
from app.common.serializers import Serializer

Load = Callable[[], Serializer]


class Collection(NamedTuple):
    """An endpoint whose answers follow from a user's data and what is asked, and for how many seconds they are kept."""

    name: str
    seconds: int = 0

    def answer(self, request: Request, asked: Mapping[str, Any] | None, load: Load) -> HttpResponse:
        """Answer 304 to who has the current state, else what is kept, else what ``load`` returns.

        ``asked`` are the parameters with relative dates resolved, and None where the answer changes with the clock.
        Raises what ``load`` raises, and Problem (401) where the user is gone.
        """
        if asked is None:
            return by_content(request, load())
        user = caller(request)
        state = msgspec.json.encode((self.name, user.id, users.state_of(user.id), asked))
        name = cache.name_of(state)
        tag = f'W/"{name}"'
        if has(request, tag):
            return not_modified(tag)
        return bytes_or_304(request, self._bytes(name, user.id, load), tag)

    def _bytes(self, name: str, owner: UUID, load: Load) -> bytes:
        if not self.seconds:
            return msgspec.json.encode(load())
        return cache.keep(name, owner, self.seconds, lambda: msgspec.json.encode(load()))
