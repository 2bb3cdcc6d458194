"""/auth/: signing up."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import session_of
from app.accounts.serializers import LinkProof, MailSent, Registration, Welcome
from app.accounts.services import registration
from app.accounts.views.login import welcome
from app.common.errors import Code, Problem
from app.common.schema import raises
from app.common.views import APIView


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
            registration.register_unverified(session_of(request).origin, new)
            return Response(MailSent(detail="A mail is on its way to this address."), status=202)
        return welcome(request, registration.register(request._request, new), status=201)


class VerifyEmail(APIView):
    """The answer to the mail that asks whether an address is the user's."""

    permission_classes = [AllowAny]

    @raises(Code.INVALID_TOKEN)
    @extend_schema(operation_id="verify_email", request=LinkProof, responses={204: None})
    def post(self, request: Request) -> Response:
        """Confirm an address with the token that was mailed to it."""
        registration.verify_email(session_of(request).origin, LinkProof.from_body(request).token)
        return Response(status=204)
