"""/auth/email/change/: giving an account another address."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import session_of
from app.accounts.serializers import EmailChange, LinkProof, MailSent
from app.accounts.services import emails
from app.common.errors import Code
from app.common.schema import raises
from app.common.views import APIView


class ChangeEmail(APIView):
    """The wish for another address."""

    @raises(Code.REAUTHENTICATION_REQUIRED)
    @extend_schema(operation_id="ask_email_change", request=EmailChange, responses={202: MailSent})
    def post(self, request: Request) -> Response:
        """Ask for another address.

        It is the account's once the link of the mail to it was opened.
        """
        emails.ask_change(session_of(request), EmailChange.from_body(request))
        return Response(MailSent(detail="A mail is on its way to the new address."), status=202)


class ConfirmEmailChange(APIView):
    """The link for the new address."""

    permission_classes = [AllowAny]

    @raises(Code.INVALID_TOKEN, Code.EMAIL_TAKEN)
    @extend_schema(operation_id="change_email", request=LinkProof, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change the address with the token that was mailed to the new one.

        All sessions and API tokens end.
        """
        emails.confirm_change(session_of(request).origin, LinkProof.from_body(request).token)
        return Response(status=204)
