"""Bodies that are too large for memory: they are written to disk as they come."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import IO, Any, Self, TypeVar, cast

from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from app.common.disk import make_folder, needs_disk, sync
from app.common.errors import Code, Problem
from app.common.parsing import refuse_other_charsets

CHUNK = 64 * 1024
Method = TypeVar("Method", bound=Callable[..., Any])


class Upload:
    """A body on disk that is nobody's yet; leaving its ``with`` removes it, unless it was kept."""

    def __init__(self, chunks: Iterable[bytes], folder: Path, most: int) -> None:
        """Write the body; raise Problem 413 or 422 for its size, 503 or 507 where the disk refuses it."""
        self.size = 0
        self._most = most
        self._path = folder / secrets.token_hex(32)
        try:
            with needs_disk(), self._path.open("xb") as file:
                self.sha256 = self._write(chunks, file)
        except BaseException:
            self.remove()
            raise

    def _write(self, chunks: Iterable[bytes], file: IO[bytes]) -> str:
        """Return the SHA-256 of what is on disk when this returns."""
        digest = hashlib.sha256()
        for chunk in chunks:
            self.size += len(chunk)  # counted here, because a Content-Length is only a claim
            if self.size > self._most:
                raise Problem(Code.BODY_TOO_LARGE, f"The body is larger than {self._most // 1024**2} MiB.")
            digest.update(chunk)
            file.write(chunk)
        if self.size == 0:
            raise empty()
        file.flush()
        os.fsync(file.fileno())
        return digest.hexdigest()

    def head(self, count: int) -> bytes:
        """Return the first bytes."""
        with needs_disk(), self._path.open("rb") as file:
            return file.read(count)

    def keep(self, path: Path) -> None:
        """Move the body into its place, where it is found after a crash too; raise Problem 503 or 507."""
        with needs_disk():
            make_folder(path.parent)
            self._path.rename(path)
            sync(path.parent)

    def remove(self) -> None:
        """Remove what was not kept; what can't be removed now is swept later."""
        with suppress(OSError):
            self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


class UploadParser(BaseParser):
    """Make an ``Upload`` of a body; a subclass says how."""

    def receive(self, chunks: Iterable[bytes]) -> Upload:
        raise NotImplementedError

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        refuse_other_charsets(media_type or "")
        request: Request = (parser_context or {})["request"]
        return self.receive(chunks_of(stream, int(request.META["CONTENT_LENGTH"])))


def chunks_of(stream: IO[bytes], length: int) -> Iterator[bytes]:
    """Yield a body of that length; raise Problem (400) where the connection has ended before it."""
    while length > 0:
        chunk = read(stream, min(length, CHUNK))
        length -= len(chunk)
        yield chunk


def read(stream: IO[bytes], size: int) -> bytes:
    early = Problem(Code.BAD_REQUEST, "The body ended early.")
    try:
        chunk = stream.read(size)
    except OSError as fault:
        raise early from fault
    if not chunk:
        raise early
    return chunk


def empty() -> Problem:
    return Problem.at("", "too_short", "The content is empty.")


def upload_of(request: Request) -> Upload:
    """Return the body of a request that an ``UploadParser`` reads; raise Problem where it can't be read or stored."""
    return cast("Upload", request.data)


def uploading(method: Method) -> Method:
    """Have the body on disk while a method of a view works, and remove it afterwards unless it was kept."""

    @wraps(method)
    def with_upload(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.stream is None:
            raise empty()
        with upload_of(request):
            return method(view, request, *args, **kwargs)

    return with_upload  # type: ignore[return-value]  # the same signature
