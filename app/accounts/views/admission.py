"""Whether somebody may send something, asked by nginx before it takes a large body."""

import json

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.common.views import APIView


@extend_schema(exclude=True)
class Admission(APIView):
    """Hears the head of a request, as GET where that only reads, else as POST; nginx alone opens it (INTERNAL)."""

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(status=204)

    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(status=204)

    def handle_exception(self, exc: Exception) -> Response:
        """Give the reason in a header too, because nginx hears nothing of a body."""
        refusal = super().handle_exception(exc)
        refusal.headers["X-Refusal"] = json.dumps(json.loads(refusal.content))  # in ASCII
        return refusal
