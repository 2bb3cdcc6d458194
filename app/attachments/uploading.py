"""A body that is no JSON, but any bytes."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from app.attachments import files
from app.attachments.content_types import BYTES
from app.common.errors import Code, Problem
from app.common.uploads import Upload, UploadParser
from app.common.views import APIView


class ContentParser(UploadParser):
    media_type = BYTES

    def receive(self, chunks: Iterable[bytes]) -> Upload:
        return files.receive(chunks)


class UploadView(APIView):
    """Takes a body of any type as bytes."""

    parser_classes = [ContentParser]

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
