"""/auth/: logging in and out, and giving the password once more."""

from django.middleware.csrf import get_token, rotate_token
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller, session_of
from app.accounts.serializers import Account, Credentials, CSRFOut, PasswordProof, Welcome
from app.accounts.services import login
from app.common.errors import Code
from app.common.schema import raises
from app.common.views import APIView


class CSRF(APIView):
    """The token that unsafe requests must show."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="get_csrf_token", responses=CSRFOut)
    def get(self, request: Request) -> Response:
        """Return a CSRF token and set the cookie it belongs to."""
        return Response(CSRFOut(csrf_token=get_token(request._request)))


class Login(APIView):
    """Logging in."""

    permission_classes = [AllowAny]

    @raises(Code.INVALID_CREDENTIALS)
    @extend_schema(operation_id="log_in", request=Credentials, responses=Welcome)
    def post(self, request: Request) -> Response:
        """Begin a session.

        The answer holds a new CSRF token; the old one ends with the login.
        """
        account = login.log_in(request._request, Credentials.from_body(request))
        return welcome(request, account, status=200)


class Logout(APIView):
    """Logging out."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="log_out", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End this session.

        Without one there is nothing to end, which is fine.
        """
        login.log_out(request._request)
        return Response(status=204)


class Reauthenticate(APIView):
    """The password once more."""

    @extend_schema(operation_id="reauthenticate", request=PasswordProof, responses=Welcome)
    def post(self, request: Request) -> Response:
        """Give the password again.

        Three things ask for it 15 minutes after the last time, or after the session moved to another network: a new
        API token, another address, and the end of the account. Cookie and CSRF token are new afterwards.
        """
        login.reauthenticate(session_of(request), PasswordProof.from_body(request))
        rotate_token(request._request)
        return welcome(request, caller(request), status=200)


def welcome(request: Request, account: Account, status: int) -> Response:
    return Response(Welcome(user=account, csrf_token=get_token(request._request)), status)
