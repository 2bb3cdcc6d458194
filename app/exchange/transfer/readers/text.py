"""JSON text of any length, read value by value through a window, as strictly as the body of a request."""

import codecs
import json
import re
from typing import Any, BinaryIO

from app.common import parsing
from app.common.errors import FieldError, Problem
from app.exchange.transfer.readers import UnreadableError

CHUNK = 64 * 1024  # bytes
LONGEST_VALUE = 1024 * 1024  # characters, as much as the body of a request
SPACE = re.compile(r"[ \t\n\r]*")
DECODER = json.JSONDecoder(object_pairs_hook=parsing.unique_members, parse_constant=parsing.refuse_constant)


class Text:
    """A file from some byte on. ``offset`` and ``line`` say how far it was read."""

    def __init__(self, file: BinaryIO, offset: int, line: int) -> None:
        file.seek(offset)
        self.offset, self.line = offset, line
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._window, self._at = "", 0

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end; raise UnreadableError for space without end."""
        begin = self.offset
        while True:
            self._pass(SPACE.match(self._window, self._at).end())  # type: ignore[union-attr]  # it matches nothing too
            if self.offset - begin > LONGEST_VALUE:
                raise self.malformed("There is more than 1 MiB of space.")
            if self._at < len(self._window) or not self._fill():
                return self._window[self._at : self._at + 1]

    def skip(self, sign: str) -> bool:
        """Pass a sign if it comes next; return whether it did."""
        found = self.peek() == sign
        if found:
            self._pass(self._at + 1)
        return found

    def expect(self, sign: str) -> None:
        """Pass a sign; raise UnreadableError where another comes, or none."""
        if not self.skip(sign):
            found = self.peek()
            raise self.malformed(f"Expected {sign} and found {found}." if found else "The file ends too early.")

    def value(self) -> Any:
        """Read one value of at most a mebibyte; raise UnreadableError."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._window, self._at)
                # What ends with the window may go on behind it, as a number does.
                if end < len(self._window) or not self._fill():
                    parsing.check(value, depth=1)
                    self._pass(end)
                    return value
            except json.JSONDecodeError as fault:
                if not self._fill():
                    line = self.line + self._window.count("\n", self._at, fault.pos)
                    raise self.malformed(f"{fault.msg}.", line) from fault
            except Problem as problem:
                raise self.malformed(problem.detail) from problem
            except RecursionError as fault:
                raise self.malformed(f"It is nested deeper than {parsing.MAX_DEPTH}.") from fault
            except ValueError as fault:
                raise self.malformed("A number is too long.") from fault

    def malformed(self, detail: str, line: int | None = None) -> UnreadableError:
        return UnreadableError(line or self.line, FieldError("", "malformed", detail))

    def _fill(self) -> bool:
        """Read on, twice as far each time; return False at the end of the file."""
        length = len(self._window) - self._at
        if length >= LONGEST_VALUE:
            raise self.malformed("A value is longer than 1 MiB.")
        more = self._file.read(max(CHUNK, length))
        try:
            self._window, self._at = self._window[self._at :] + self._decode(more, final=not more), 0
        except UnicodeDecodeError as fault:
            raise self.malformed("It is not UTF-8.") from fault
        return bool(more)

    def _pass(self, end: int) -> None:
        passed = self._window[self._at : end]
        self.offset += len(passed.encode())
        self.line += passed.count("\n")
        self._at = end
