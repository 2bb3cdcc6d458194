"""A body that is no JSON: any bytes, written to disk while they are read."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import IO, Any, TypeVar, cast

from django.http import HttpRequest
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from app.attachments.content_types import BYTES
from app.attachments.files import Upload
from app.common.errors import Code, Problem
from app.common.views import APIView

CHUNK = 64 * 1024
Method = TypeVar("Method", bound=Callable[..., Any])


class UploadParser(BaseParser):
    """Make an ``Upload`` of a body."""

    media_type = BYTES

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request: Request = (parser_context or {})["request"]
        return Upload(chunks_of(stream, int(request.META["CONTENT_LENGTH"])))


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


class UploadView(APIView):
    """Takes a body of any type as bytes."""

    parser_classes = [UploadParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Forget what the body is said to be, because only its content counts."""
        self.is_form = (request.content_type or "").lower() == "multipart/form-data"
        request.META["CONTENT_TYPE"] = BYTES
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raise Problem (415) for a form, which would be stored with all that stands around the file in it."""
        super().initial(request, *args, **kwargs)
        if self.is_form:
            raise Problem(
                Code.UNSUPPORTED_MEDIA_TYPE, "Send the file itself as the body, not a form with the file in it."
            )


def upload_of(request: Request) -> Upload:
    """Return the body of a request to an ``UploadView``; raise Problem where it can't be read or stored."""
    return cast("Upload", request.data)


def uploading(method: Method) -> Method:
    """Have the body on disk while a method of a view works, and remove it afterwards unless it was kept."""

    @wraps(method)
    def with_upload(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.stream is None:
            raise Problem.at("", "too_short", "The content is empty.")
        with upload_of(request):
            return method(view, request, *args, **kwargs)

    return with_upload  # type: ignore[return-value]  # the same signature
