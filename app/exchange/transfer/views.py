"""/api/export/ and /api/imports/."""

from typing import cast
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller
from app.attachments.uploading import uploading
from app.common.conditional import by_content
from app.common.errors import Code
from app.common.idempotency import repeatable
from app.common.schema import raises
from app.common.views import APIView
from app.exchange.transfer.serializers import Export, ImportOut
from app.exchange.transfer.services import exporting, importing
from app.exchange.transfer.uploads import Upload, UploadParser


class Exports(APIView):
    """Everything that a user has."""

    @extend_schema(operation_id="export", responses=Export)
    def get(self, request: Request) -> StreamingHttpResponse:
        """Return all lists and todos, those in the trash too, as one document.

        It is written while you read it, from one state of the database. Only its last member says that it is whole.
        """
        return StreamingHttpResponse(exporting.export(caller(request)), "application/json", headers=as_file())

    @extend_schema(exclude=True)
    def head(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        return HttpResponse(content_type="application/json", headers=as_file())


class ImportCollection(APIView):
    """The import of a user, which is one at a time."""

    parser_classes = [UploadParser]

    @uploading
    @repeatable
    @raises(Code.INSUFFICIENT_STORAGE)
    @extend_schema(operation_id="create_import", request=Export, responses={202: ImportOut})
    def post(self, request: Request) -> Response:
        """Take in an export, of at most 2 GiB, to be checked. It changes nothing yet.

        It takes the place of an earlier import.
        """
        return Response(importing.begin_import(caller(request), cast("Upload", request.data)), status=202)


class ImportItem(APIView):
    """One import."""

    @extend_schema(operation_id="get_import", responses=ImportOut)
    def get(self, request: Request, import_id: UUID) -> HttpResponse:
        """Return how far an import is, what it would make, and what is wrong with it."""
        return by_content(request, importing.show_import(caller(request), import_id))

    @repeatable
    @extend_schema(operation_id="delete_import", responses={204: None})
    def delete(self, request: Request, import_id: UUID) -> Response:
        """Discard an import; what it has made stays."""
        importing.discard_import(caller(request), import_id)
        return Response(status=204)


class ImportApplication(APIView):
    """The step of an import that makes something."""

    @repeatable
    @raises(Code.IMPORT_NOT_CHECKED, Code.ID_TAKEN)
    @extend_schema(operation_id="apply_import", request=None, responses=ImportOut)
    def post(self, request: Request, import_id: UUID) -> Response:
        """Make all lists and todos of a checked import, or nothing."""
        return Response(importing.apply_import(caller(request), import_id))


def as_file() -> dict[str, str]:
    """Return the headers by which a browser saves an answer, and nothing else keeps it."""
    name = f"doable-{timezone.now():%Y-%m-%d}.json"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
