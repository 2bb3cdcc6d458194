"""/auth/tokens/: keys for programs."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from app.accounts.authentication import caller, session_of
from app.accounts.serializers import TokenCreate, Tokens, TokenShown
from app.accounts.services import api_tokens
from app.common.errors import Code
from app.common.schema import raises
from app.common.views import APIView


class TokenCollection(APIView):
    """All API tokens of an account."""

    @extend_schema(operation_id="get_tokens", responses=Tokens)
    def get(self, request: Request) -> Response:
        """Return the API tokens.

        These are at most fifty, the newest first, ended ones too. The tokens themselves are not shown again.
        """
        return Response(api_tokens.list_tokens(caller(request)))

    @raises(Code.REAUTHENTICATION_REQUIRED, Code.QUOTA_EXCEEDED)
    @extend_schema(operation_id="create_token", request=TokenCreate, responses={201: TokenShown})
    def post(self, request: Request) -> Response:
        """Create an API token.

        It is shown in this answer and never again.
        """
        new = TokenCreate.from_body(request)
        return Response(api_tokens.create_token(session_of(request), new), status=201)


class TokenItem(APIView):
    """One API token."""

    @extend_schema(operation_id="delete_token", responses={204: None})
    def delete(self, request: Request, token_id: UUID) -> Response:
        """End an API token."""
        api_tokens.delete_token(session_of(request), token_id)
        return Response(status=204)
