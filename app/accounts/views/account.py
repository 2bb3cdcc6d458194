"""/auth/me/: the account of whoever asks."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller, session_of
from app.accounts.serializers import Account, AccountUpdate
from app.accounts.services import account
from app.common.errors import Code
from app.common.schema import raises
from app.common.views import APIView


class Me(APIView):
    """The account of whoever asks."""

    @extend_schema(operation_id="get_account", responses=Account)
    def get(self, request: Request) -> Response:
        """Return the account that is logged in."""
        return Response(caller(request))

    @extend_schema(operation_id="update_account", request=AccountUpdate, responses=Account)
    def patch(self, request: Request) -> Response:
        """Change the name or the time zone."""
        changes = AccountUpdate.from_body(request)
        return Response(account.update_account(session_of(request), changes))

    @raises(Code.REAUTHENTICATION_REQUIRED)
    @extend_schema(operation_id="delete_account", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Delete the account.

        All lists and todos go with it, for good.
        """
        account.delete_account(session_of(request))
        return Response(status=204)
