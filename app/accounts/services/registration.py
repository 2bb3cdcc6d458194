"""Signing up."""

from django.db import transaction
from django.http import HttpRequest

from app.accounts import attempts, hashing
from app.accounts.models import Event, Letter, Purpose, User
from app.accounts.queries import audit, mail, users
from app.accounts.serializers import Account, Registration
from app.accounts.services import links
from app.accounts.services.beginnings import add_account
from app.accounts.services.credentials import require_good_password
from app.accounts.services.login import begin_session
from app.accounts.services.writing import writing
from app.common.clientip import Origin
from app.common.errors import Code, Problem


def register(request: HttpRequest, new: Registration) -> Account:
    """Create an account and log it in; raise Problem 409 (address taken) or 422 (weak password)."""
    user = asked_for(new)
    user.password = hashing.make_hash(new.password)
    with transaction.atomic(durable=True):
        if not add_account(user):
            raise Problem(Code.EMAIL_TAKEN, "Log in instead, or use another address.")
        audit.record(Event.SIGNED_UP, user.id, Origin.of(request))
    return begin_session(request, user)


def register_unverified(origin: Origin, new: Registration) -> None:
    """Create an account that can't log in before its address is verified; a taken address looks the same.

    It costs one hash and the same statements either way. Whoever signs up again with the same password gets a new
    link, because the first one may be lost or too old; nobody else does, who might confirm a stranger's password.
    """
    user, owner = asked_for(new), users.find_user(new.email)
    is_again = owner is not None and hashing.matches(new.password, owner.password, lambda _: None)
    if owner is None:
        user.password = hashing.make_hash(new.password)
    may_send = attempts.take_mail(Letter.VERIFY_EMAIL, user.email)
    with transaction.atomic(durable=True):
        is_new = add_account(user)
        awaits_link = is_new or (is_again and owner is not None and not owner.is_verified)
        audit.record(Event.SIGNED_UP, user.id if is_new else None, origin)
        if may_send:
            mail.enqueue(Letter.VERIFY_EMAIL if awaits_link else Letter.ALREADY_REGISTERED, user.email)


def asked_for(new: Registration) -> User:
    """Return the user that is asked for, not yet stored; raise Problem (422) for a weak password."""
    zone = new.time_zone.key if new.time_zone else "UTC"
    user = User(email=str(new.email), name=new.name, time_zone=zone)
    require_good_password(new.password, user, "/password")
    return user


def verify_email(origin: Origin, token: str) -> None:
    """Mark the address a token was mailed to as verified; raise Problem (422) for any other token."""
    found = links.find(Purpose.VERIFY_EMAIL, token)
    with writing(Account.of(found.user)):
        links.use(found)
        users.mark_verified(found.user_id)
        audit.record(Event.EMAIL_VERIFIED, found.user_id, origin)
