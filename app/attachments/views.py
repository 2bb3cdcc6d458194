"""/api/todos/{todo_id}/attachments/ and /api/attachments/."""

import re
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller
from app.accounts.polling import Collection
from app.attachments import files, queries, services
from app.attachments.content_types import BYTES, TYPES
from app.attachments.models import Attachment
from app.attachments.serializers import AttachmentList, AttachmentOut, NewAttachment
from app.attachments.uploading import UploadView
from app.common.conditional import by_content, has
from app.common.errors import Code
from app.common.idempotency import repeatable
from app.common.schema import query, raises
from app.common.uploads import upload_of, uploading
from app.common.views import APIView

BEYOND_ASCII = re.compile(r"[^ -~]")
ATTACHMENTS = Collection("attachments")
FOREVER = "private, max-age=2592000, immutable"  # a content never changes


class AttachmentCollection(UploadView):
    """The attachments of a todo."""

    @extend_schema(operation_id="get_attachments", responses=AttachmentList)
    def get(self, request: Request, todo_id: UUID) -> HttpResponse:
        """Return the attachments of a todo, oldest first."""
        return ATTACHMENTS.answer(request, lambda user: queries.attachments_on(user, todo_id), of=todo_id)

    @uploading
    @repeatable
    @raises(Code.QUOTA_EXCEEDED, Code.INSUFFICIENT_STORAGE)
    @extend_schema(
        operation_id="create_attachment",
        parameters=[query(NewAttachment)],
        request={BYTES: OpenApiTypes.BINARY},
        responses={201: AttachmentOut},
    )
    def post(self, request: Request, todo_id: UUID) -> Response:
        """Attach a file to a todo.

        The body is the file itself, 1 byte to 10 MiB. Its `Content-Type` is not looked at: the type is told from the
        content, and what is none of a few known types is `application/octet-stream`.
        """
        name = NewAttachment.from_query(request).name
        return Response(services.add_attachment(caller(request), todo_id, name, upload_of(request)), status=201)


class AttachmentItem(APIView):
    """One attachment."""

    @extend_schema(operation_id="get_attachment", responses=AttachmentOut)
    def get(self, request: Request, attachment_id: UUID) -> HttpResponse:
        """Return an attachment, without its content."""
        return by_content(request, AttachmentOut.of(queries.get_attachment(caller(request), attachment_id)))

    @repeatable
    @extend_schema(operation_id="delete_attachment", responses={204: None})
    def delete(self, request: Request, attachment_id: UUID) -> Response:
        """Delete an attachment with its content."""
        services.delete_attachment(caller(request), attachment_id)
        return Response(status=204)


class AttachmentContent(APIView):
    """The content of one attachment."""

    @raises(Code.CONTENT_LOST)
    @extend_schema(
        operation_id="get_attachment_content", responses={(200, name): OpenApiTypes.BINARY for name in TYPES}
    )
    def get(self, request: Request, attachment_id: UUID) -> HttpResponse:
        """Return the content of an attachment, as a download.

        `Range` and `If-None-Match` are honoured. A content never changes, so it may be kept for 30 days.
        """
        attachment = queries.get_attachment(caller(request), attachment_id)
        headers = {"ETag": f'"{attachment.sha256}"', "Cache-Control": FOREVER}
        if has(request, headers["ETag"], "*"):
            return Response(status=304, headers=headers)
        return hand_over(attachment, headers)


def hand_over(attachment: Attachment, headers: dict[str, str]) -> HttpResponse:
    """Have nginx send a content, which sends parts of it too; raise Problem (410, 503) where it can't."""
    files.require(attachment.file)
    headers["X-Accel-Redirect"] = files.url_of(attachment.file)
    headers["Content-Disposition"] = disposition(attachment.name)
    return HttpResponse(content_type=attachment.content_type, headers=headers)


def disposition(name: str) -> str:
    """Return the header that names a download, and beside a name outside ASCII one for clients that know no other."""
    plain, full = (content_disposition_header(True, each) or "" for each in (BEYOND_ASCII.sub("_", name), name))
    return full if plain == full else f"{plain}; {full.removeprefix('attachment; ')}"
