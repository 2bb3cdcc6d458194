"""The API tokens of a user."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from app.accounts.models import APIToken, Event
from app.accounts.queries import api_tokens, audit
from app.accounts.serializers import Account, TokenCreate, TokenOut, Tokens, TokenShown
from app.accounts.services.writing import changing_account
from app.accounts.sessions import SessionStore
from app.accounts.tokens import hash_token, new_api_token


def list_tokens(user: Account) -> Tokens:
    return Tokens(results=[TokenOut.of(row) for row in api_tokens.tokens_of(user.id)])


def create_token(session: SessionStore, new: TokenCreate) -> TokenShown:
    """Return a new token; raise Problem 403 (password not given of late) or 409 (too many)."""
    session.require_fresh_password()
    token = new_api_token()
    row = APIToken(
        user_id=session.account.id,
        name=new.name,
        token_hash=hash_token(token),
        last_four=token[-4:],
        scopes=sorted(set(new.scopes)),
        address=session.origin.address,
        expires_at=timezone.now() + timedelta(days=new.expires_in_days),
    )
    with changing_account(session):
        api_tokens.insert_token(row)
        audit.record(Event.TOKEN_CREATED, session.account.id, session.origin, session.id)
    return TokenShown(token=token, **TokenOut.of(row).given())


def delete_token(session: SessionStore, token_id: UUID) -> None:
    """End a token of a user; raise Problem (404)."""
    with changing_account(session):
        api_tokens.delete_token(session.account.id, token_id)
        audit.record(Event.TOKEN_REVOKED, session.account.id, session.origin, session.id)
