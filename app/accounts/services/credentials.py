"""What proves who someone is: whether it is right, whether it is good enough, and how all of it ends."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from uuid_utils.compat import uuid7

from app.accounts import attempts, hashing
from app.accounts.models import Event, User
from app.accounts.queries import api_tokens, audit, mail, sessions, users
from app.accounts.sessions import SessionStore
from app.common import limits
from app.common.clientip import Origin
from app.common.errors import Code, FieldError, Problem
from app.common.limits import Bucket


def is_password_of(candidate: User | None, email: str, password: str, origin: Origin) -> bool:
    """Check a password; raise Problem 429 (too many wrong ones) or 503 (too many at once).

    Without a candidate it is wrong, after the same statements and the same time. It is counted before it is looked
    at, so that a hundred at once get no further than a hundred in a row; only a wrong one stays counted.
    """
    buckets = take_attempt(candidate, email, origin)
    try:
        is_right = matches(candidate, password)
    except Exception:
        limits.give_back(*buckets)
        raise
    if is_right:
        limits.give_back(*buckets)
    return is_right


def take_attempt(candidate: User | None, email: str, origin: Origin) -> list[Bucket]:
    user_id = candidate.id if candidate else None
    is_known = audit.knows_network(user_id or uuid7(), origin)
    buckets = attempts.login_buckets(email, origin, is_known_network=is_known)
    try:
        limits.take(*buckets)
    except Problem:
        if attempts.take_note(email):
            audit.record(Event.LOGIN_LIMITED, user_id, origin)
        raise
    return buckets


def matches(candidate: User | None, password: str) -> bool:
    if candidate is None:
        hashing.waste_one(password)
        return False
    return hashing.matches(password, candidate.password, lambda renewed: renew(candidate, renewed))


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
    """End all sessions of a user, or all but one, the API tokens, and the links of mails.

    A mail with a link to another address goes out no more; one that the owner asked for still reaches the owner.
    """
    sessions.delete_sessions_of(user_id, but=but)
    api_tokens.delete_tokens_of(user_id)
    mail.delete_links_of(user_id)
