"""/auth/password/: changing it, and what to do when it is forgotten."""

from django.middleware.csrf import rotate_token
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller, session_of
from app.accounts.serializers import MailSent, PasswordChange, PasswordReset, PasswordResetRequest, Welcome
from app.accounts.services import passwords
from app.accounts.views.login import welcome
from app.common.errors import Code
from app.common.schema import raises
from app.common.views import APIView


class ChangePassword(APIView):
    """Changing the password."""

    @extend_schema(operation_id="change_password", request=PasswordChange, responses=Welcome)
    def post(self, request: Request) -> Response:
        """Change the password.

        All other sessions and all API tokens end; cookie and CSRF token are new.
        """
        passwords.change_password(session_of(request), PasswordChange.from_body(request))
        rotate_token(request._request)
        return welcome(request, caller(request), status=200)


class ResetPassword(APIView):
    """A password that was forgotten."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="ask_password_reset", request=PasswordResetRequest, responses={202: MailSent})
    def post(self, request: Request) -> Response:
        """Ask for a link to choose a new password.

        The answer is the same for an address without an account.
        """
        passwords.ask_reset(session_of(request).origin, PasswordResetRequest.from_body(request).email)
        return Response(MailSent(detail="If this address has an account, a mail is on its way to it."), status=202)


class ConfirmPasswordReset(APIView):
    """The link for choosing a new password."""

    permission_classes = [AllowAny]

    @raises(Code.INVALID_TOKEN)
    @extend_schema(operation_id="reset_password", request=PasswordReset, responses={204: None})
    def post(self, request: Request) -> Response:
        """Choose a new password with the token that was mailed.

        All sessions and API tokens end.
        """
        passwords.reset_password(session_of(request).origin, PasswordReset.from_body(request))
        return Response(status=204)
