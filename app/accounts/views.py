"""/auth/: signing up, logging in and out, and who I am."""

from django.conf import settings
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.accounts import services
from app.accounts.authentication import RowAuthentication, caller
from app.accounts.serializers import (
    Account,
    Credentials,
    CSRFOut,
    MailSent,
    Registration,
    Verification,
    Welcome,
)
from app.common.errors import Code, Problem
from app.common.schema import raises


class CSRF(APIView):
    """The token that unsafe requests must show."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="get_csrf_token", responses=CSRFOut)
    def get(self, request: Request) -> Response:
        """Return a CSRF token and set the cookie it belongs to."""
        return Response(CSRFOut(csrf_token=get_token(request._request)))


class Register(APIView):
    """Signing up, as far as REGISTRATION allows it."""

    permission_classes = [AllowAny]

    @raises(Code.REGISTRATION_CLOSED, Code.EMAIL_TAKEN)
    @extend_schema(operation_id="register", request=Registration, responses={201: Welcome, 202: MailSent})
    def post(self, request: Request) -> Response:
        """Create an account.

        `REGISTRATION=open` logs in at once (201). `verified` sends a mail and answers 202, for a taken address
        too. `closed` refuses (403).
        """
        if settings.REGISTRATION == "closed":
            raise Problem(Code.REGISTRATION_CLOSED)
        new = Registration.from_body(request)
        if settings.REGISTRATION == "verified":
            services.register_unverified(new)
            return Response(MailSent(detail="A mail is on its way to this address."), status=202)
        return welcome(request, services.register(request._request, new), status=201)


class VerifyEmail(APIView):
    """The answer to the mail that asks whether an address is the user's."""

    permission_classes = [AllowAny]

    @raises(Code.INVALID_TOKEN)
    @extend_schema(operation_id="verify_email", request=Verification, responses={204: None})
    def post(self, request: Request) -> Response:
        """Confirm an address with the token that was mailed to it."""
        services.verify_email(Verification.from_body(request).token)
        return Response(status=204)


class Login(APIView):
    """Logging in."""

    permission_classes = [AllowAny]

    @raises(Code.INVALID_CREDENTIALS)
    @extend_schema(operation_id="log_in", request=Credentials, responses=Welcome)
    def post(self, request: Request) -> Response:
        """Begin a session. The answer holds a new CSRF token; the old one ends with the login."""
        account = services.log_in(request._request, Credentials.from_body(request))
        return welcome(request, account, status=200)


class Logout(APIView):
    """Logging out."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="log_out", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End this session; without one there is nothing to end, which is fine."""
        services.log_out(request._request)
        return Response(status=204)


class Me(APIView):
    """The account of whoever asks."""

    authentication_classes = [RowAuthentication]

    @extend_schema(operation_id="get_account", responses=Account)
    def get(self, request: Request) -> Response:
        """Return the account that is logged in."""
        return Response(caller(request))


def welcome(request: Request, account: Account, status: int) -> Response:
    return Response(Welcome(user=account, csrf_token=get_token(request._request)), status)
