"""The statements that are asked again and again, by the functions of libpq that psycopg is made of.

A cursor of psycopg does more for each of them than PostgreSQL does: docs/decisions/0044 has the figures. What becomes
of values on the way to PostgreSQL and back is psycopg's here, too.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute, fetch_many
from psycopg.generators import send as flush
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

if TYPE_CHECKING:
    from psycopg import Connection

Params = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]
Types = tuple[int, ...]
Send = Callable[[], None]
T = TypeVar("T")

PLACE = re.compile(r"%(?:s|\((\w+)\)s|%)")
MOST_PREPARED = 100  # for a connection, as psycopg has it
MOST_NUMBERED = 1000


class Numbered(NamedTuple):
    """A statement as PostgreSQL takes it, with places $1, $2; by name where its values have names."""

    text: bytes
    names: tuple[str, ...]

    def values(self, params: Params) -> Sequence[Any]:
        return [params[name] for name in self.names] if isinstance(params, Mapping) else params


class Answer(NamedTuple):
    """The rows that a statement has returned, and how many it has returned or changed, as PostgreSQL counts."""

    rows: list[Row]
    affected: int


class PreparedStatements:
    """What one connection has prepared, each by its text and the types of its values."""

    def __init__(self, connection: "Connection[Any]") -> None:
        self._connection = connection
        self._server = connection.pgconn
        self._transformer = Transformer(connection)
        self._names: OrderedDict[tuple[bytes, Types], bytes] = OrderedDict()
        self._count = 0

    def by_name(self, sql: str, params: Params) -> Send:
        """Return what sends a statement by its name, which prepares it the first time. Raises psycopg's errors."""
        numbered = number_once(sql)
        values, formats, types = self._dumped(numbered.values(params))
        name = self._name_of(numbered.text, types)
        return partial(self._server.send_query_prepared, name, values, formats, Format.BINARY)

    def by_text(self, sql: str, params: Params) -> Send:
        """Return what sends a statement that is planned for its values, and not remembered."""
        numbered = number(sql)
        values, formats, types = self._dumped(numbered.values(params))
        return partial(self._server.send_query_params, numbered.text, values, types, formats, Format.BINARY)

    def ask(self, send: Send) -> Answer:
        """Send a statement and return the answer. Raises psycopg's errors."""
        send()
        return self._answer(self._finish())

    def begin_and_ask(self, send: Send) -> Answer:
        """Send BEGIN and a statement in one message, and return the answer to the statement."""
        self._server.enter_pipeline_mode()
        begun, asked = self._wait(self._both(send))
        self._server.exit_pipeline_mode()
        successful(begun)
        return self._answer(successful(asked))

    def command(self, text: bytes) -> None:
        """Send a command without values, such as COMMIT."""
        self._server.send_query(text)
        self._finish()

    def _dumped(self, values: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Format], Types]:
        transformer = self._transformer
        dumped = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        return dumped, transformer.formats or (), transformer.types or ()

    def _name_of(self, text: bytes, types: Types) -> bytes:
        key = text, types
        if name := self._names.get(key):
            self._names.move_to_end(key)
            return name
        return self._prepare(key)

    def _prepare(self, key: tuple[bytes, Types]) -> bytes:
        if len(self._names) >= MOST_PREPARED:
            oldest = next(iter(self._names))
            self.command(b"DEALLOCATE " + self._names[oldest])
            del self._names[oldest]
        self._count += 1
        name = b"doable_%d" % self._count
        self._server.send_prepare(name, *key)
        self._finish()
        self._names[key] = name
        return name

    def _finish(self) -> PGresult:
        """Wait until all is done that was sent."""
        return successful(self._wait(execute(self._server))[-1])

    def _both(self, send: Send) -> PQGen[tuple[PGresult, PGresult]]:
        self._server.send_query_params(b"BEGIN", None)
        send()
        self._server.pipeline_sync()
        yield from flush(self._server)
        begun = yield from fetch_many(self._server)
        asked = yield from fetch_many(self._server)
        yield from fetch_many(self._server)  # the end of the message
        return begun[-1], asked[-1]

    def _wait(self, exchange: PQGen[T]) -> T:
        try:
            return self._connection.wait(exchange)
        except BaseException:
            self._server.finish()  # an answer may still come, to what nobody asks any more
            raise

    def _answer(self, result: PGresult) -> Answer:
        self._transformer.set_pgresult(result)
        rows = self._transformer.load_rows(0, result.ntuples, tuple)
        self._transformer.set_pgresult(None)
        return Answer(rows, result.command_tuples or 0)


def successful(result: PGresult) -> PGresult:
    """Return a result, or raise the error that it is."""
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise error_from_result(result)
    return result


def number(sql: str) -> Numbered:
    """Return a statement with numbers in the place of %s or %(name)s."""
    numbers: dict[str, int] = {}

    def place(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return "%"
        name = found[1] or str(len(numbers))
        return f"${numbers.setdefault(name, len(numbers) + 1)}"

    return Numbered(PLACE.sub(place, sql).encode(), tuple(numbers))


number_once = lru_cache(MOST_NUMBERED)(number)
