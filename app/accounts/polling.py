"""What is asked for again and again: whether anything has changed costs one look at one number.

Every change of a user's data counts up the revision in the user's row (``services.writing``). The revision is read
before the data, and both the ETag of an answer and the name it is kept by are made of it: nothing in Redis can make
an answer older than that look.
"""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from app.accounts.authentication import caller
from app.accounts.queries import users
from app.accounts.serializers import Account
from app.common import cache
from app.common.conditional import by_content, bytes_or_304, has, not_modified
from app.common.pagination import PageQuery
from app.common.serializers import Serializer

Load = Callable[[Account], Serializer]
NOTHING = PageQuery()


class Collection(NamedTuple):
    """An endpoint whose answers follow from a user's data and what is asked, and for how many seconds they are kept."""

    name: str
    seconds: int = 0

    def answer(self, request: Request, load: Load, asked: PageQuery = NOTHING, of: UUID | None = None) -> HttpResponse:
        """Answer 304 to who has the current state, else what is kept, else what ``load`` returns.

        ``of`` is what the collection hangs on, if on anything. Raises what ``load`` raises, and Problem (401) where the
        user is gone. The user's copy may know another time zone than the row, which counts.
        """
        state = users.state_of(caller(request).id)
        user = msgspec.structs.replace(caller(request), time_zone=state.time_zone)
        resolved = asked.resolved(state.time_zone)
        if resolved is None:
            return by_content(request, load(user))
        name = cache.name_of(msgspec.json.encode((self.name, of, user.id, state, resolved)))
        tag = f'W/"{name}"'
        if has(request, tag):
            return not_modified(tag)
        return bytes_or_304(request, self._bytes(name, user, load), tag)

    def _bytes(self, name: str, user: Account, load: Load) -> bytes:
        if not self.seconds:
            return msgspec.json.encode(load(user))
        return cache.keep(name, user.id, self.seconds, lambda: msgspec.json.encode(load(user)))
