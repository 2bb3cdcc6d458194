"""Registration, login, and the one door for every write."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from app.accounts import attempts, mail, queries
from app.accounts.models import User
from app.accounts.serializers import Account, Credentials, Registration
from app.accounts.sessions import Origin, SessionStore
from app.common.clientip import client_address, network_of
from app.common.errors import Code, FieldError, Problem
from app.common.models import violated_constraint

VERIFICATION_AGE = 3600  # seconds
verification = TimestampSigner(salt="doable.verify-email")


@contextmanager
def writing(user: Account) -> Iterator[int]:
    """Open the transaction in which a user's data may change, and yield the user's new revision.

    It locks the user's row, so the writes of one user stand in one order; leaving by an exception undoes all.
    """
    with transaction.atomic(durable=True):
        yield queries.next_revision(user.id)


def register(request: HttpRequest, new: Registration) -> Account:
    """Create an account and log it in; raise Problem 403 (closed), 409 (address taken) or 422 (weak password)."""
    check_password(new)
    try:
        user = create_user(new)
    except IntegrityError as taken:
        if violated_constraint(taken) != "core_user_email":
            raise
        raise Problem(Code.EMAIL_TAKEN, "Log in instead, or use another address.") from taken
    return begin_session(request, user)


def register_unverified(new: Registration) -> None:
    """Create an account that can't log in before its address is verified; a taken address looks the same.

    Whoever signs up again with the same password gets a new link, because the first one may be lost or too old.
    """
    check_password(new)
    user = queries.find_user(new.email)
    if user is None:
        with suppress(IntegrityError):  # the same address, signed up at the same moment
            send_verification(create_user(new))
    elif user.check_password(new.password) and not user.is_verified:  # the check is as slow as creating the account
        send_verification(user)
    else:
        mail.send_already_registered(new.email)


def send_verification(user: User) -> None:
    mail.send_verification(user.email, verification.sign_object({"user": str(user.id), "email": user.email}))


def create_user(new: Registration) -> User:
    with transaction.atomic():
        zone = new.time_zone.key if new.time_zone else "UTC"
        return queries.insert_user(email=str(new.email), password=new.password, name=new.name, time_zone=zone)


def check_password(new: Registration) -> None:
    try:
        validate_password(new.password, User(email=new.email, name=new.name))
    except ValidationError as fault:
        errors = [
            FieldError("/password", error.code or "invalid", " ".join(error.messages)) for error in fault.error_list
        ]
        raise Problem(Code.INVALID, errors[0].detail, errors) from fault


def verify_email(token: str) -> None:
    """Mark the address a token was mailed to as verified; raise Problem (422) for any other token."""
    try:
        claim = verification.unsign_object(token, max_age=VERIFICATION_AGE)
    except BadSignature as fault:
        raise Problem(Code.INVALID_TOKEN) from fault
    user = queries.find_user(claim["email"])
    if user is None or str(user.id) != claim["user"]:
        raise Problem(Code.INVALID_TOKEN)
    with writing(Account.of(user)):
        if not queries.mark_verified(user.id, user.email):
            raise Problem(Code.INVALID_TOKEN)


def log_in(request: HttpRequest, given: Credentials) -> Account:
    """Begin a session; raise Problem (401), the same for an unknown address, a wrong password, a closed account."""
    with attempts.login(given.email, client_address(request), is_known_network=False):
        user = auth.authenticate(request, username=given.email, password=given.password)
        if not isinstance(user, User):
            raise Problem(Code.INVALID_CREDENTIALS)
        return begin_session(request, user)


def begin_session(request: HttpRequest, user: User) -> Account:
    session = request.session
    assert isinstance(session, SessionStore)  # noqa: S101 - tells mypy what SESSION_ENGINE says
    address = client_address(request)
    session.flush()  # Django keeps the token where the same user logs in again
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session.begin(user, Origin(address, network_of(address), request.headers.get("User-Agent", "")[:256]))
    return Account.of(user)


def log_out(request: HttpRequest) -> None:
    """End the session of this request, if it has one."""
    auth.logout(request)
