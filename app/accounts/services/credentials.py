"""What proves who someone is: whether it is right, whether it is good enough, and how all of it ends."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from uuid_utils.compat import uuid7

from app.accounts import attempts, hashing
from app.accounts.models import Event, User
from app.accounts.queries import api_tokens, audit, mail, sessions, users
from app.accounts.sessions import SessionStore
from app.common.clientip import Origin
from app.common.errors import Code, FieldError, Problem


def is_password_of(user: User | None, email: str, password: str, origin: Origin) -> bool:
    """Check a password; raise Problem 429 (too many wrong ones) or 503 (too many at once).

    An address without an account takes the same statements and the same time.
    """
    is_known = audit.knows_network(user.id if user else uuid7(), origin)
    try:
        with attempts.login(email, origin.address, is_known_network=is_known):
            check(user, password)
    except Problem as problem:
        if problem.code is Code.RATE_LIMITED:
            audit.record(Event.LOGIN_LIMITED, user.id if user else None, origin)
        if problem.code is not Code.INVALID_CREDENTIALS:
            raise
        return False
    return True


def check(user: User | None, password: str) -> None:
    """Raise Problem (401) for a wrong password, and renew a hash that is weaker than those made today."""
    if user is None:
        hashing.waste_one(password)
        raise Problem(Code.INVALID_CREDENTIALS)
    if not hashing.matches(password, user.password, lambda renewed: renew(user, renewed)):
        raise Problem(Code.INVALID_CREDENTIALS)


def renew(user: User, encoded: str) -> None:
    if users.replace_password(user, encoded):
        user.password = encoded


def confirm_password(session: SessionStore, password: str, pointer: str) -> User:
    """Return the user of a session who gives the password once more; raise Problem (422) for a wrong one."""
    user = users.get_user(session.account.id)
    if not is_password_of(user, user.email, password, session.origin):
        audit.record(Event.WRONG_PASSWORD, user.id, session.origin, session.id)
        raise Problem.at(pointer, "wrong_password", "This is not the password of the account.")
    return user


def require_good_password(password: str, user: User, pointer: str) -> None:
    """Raise Problem (422) for a password that is too short, too common or too much like the account."""
    try:
        validate_password(password, user)
    except ValidationError as fault:
        errors = [FieldError(pointer, error.code or "invalid", " ".join(error.messages)) for error in fault.error_list]
        raise Problem(Code.INVALID, errors[0].detail, errors) from fault


def end_credentials(user_id: UUID, *, but: UUID | None = None) -> None:
    """End all sessions of a user, or all but one, the API tokens, and the links of mails, sent or not."""
    sessions.delete_sessions_of(user_id, but=but)
    api_tokens.delete_tokens_of(user_id)
    mail.delete_links_of(user_id)
