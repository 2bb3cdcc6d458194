"""/auth/sessions/: where the account is logged in."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts import serializers
from app.accounts.authentication import session_of
from app.accounts.services import devices
from app.common.views import APIView


class SessionCollection(APIView):
    """All logins of an account."""

    @extend_schema(operation_id="get_sessions", responses=serializers.Sessions)
    def get(self, request: Request) -> Response:
        """Return where the account is logged in.

        These are at most a hundred sessions, the one last seen first.
        """
        return Response(devices.list_sessions(session_of(request)))

    @extend_schema(operation_id="end_other_sessions", responses={204: None})
    def delete(self, request: Request) -> Response:
        """End all sessions but this one."""
        devices.end_other_sessions(session_of(request))
        return Response(status=204)


class SessionItem(APIView):
    """One login."""

    @extend_schema(operation_id="end_session", responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End a session.

        It may be this one, which then ends like a logout.
        """
        devices.end_session(session_of(request), session_id)
        return Response(status=204)
