"""Sending the mails that are due (a periodic job). Links use PUBLIC_URL, never the Host header of a request.

A request only notes that a mail shall go out. So it takes as long for an address that has an account as for one that
has none, and a mail server that is slow or gone holds nobody up.
"""

import logging
import time
from email.errors import MessageError
from functools import cache
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from app.accounts.models import Letter, OutgoingMail, User
from app.accounts.queries import mail, users
from app.accounts.services import links

log = logging.getLogger("doable.mail")

LONGEST_RUN = 20.0  # seconds after which the other jobs have their turn

SUBJECTS = {
    Letter.VERIFY_EMAIL: "Confirm your address",
    Letter.ALREADY_REGISTERED: "You have an account already",
    Letter.RESET_PASSWORD: "Choose a new password",
    Letter.CHANGE_EMAIL: "Confirm your new address",
    Letter.PASSWORD_CHANGED: "Your password was changed",
    Letter.EMAIL_CHANGED: "Your address was changed",
    Letter.ACCOUNT_DELETED: "Your account was deleted",
}


def send_due_mail() -> int:
    """Send what is due; return how many mails went out. One that can't be sent is tried again for a day."""
    tell_destination()
    sent, end = 0, time.monotonic() + LONGEST_RUN
    while time.monotonic() < end and (row := mail.claim_due_mail()):
        try:
            sent += send(row)
        except (OSError, ValueError, MessageError, ImproperlyConfigured) as fault:
            tell(row, fault)
            if not is_about_this_mail(fault):
                break  # the next one would hardly do better; the next run tries it
        else:
            mail.delete_mail(row)
    return sent


def send(row: OutgoingMail) -> bool:
    """Send a mail; return False where it is too old, or where there is nobody to write to."""
    letter, user = Letter(row.letter), row.user or users.find_user(row.email)
    if mail.is_given_up(row):
        log.error("mail was given up after a day", extra={"fields": {"letter": letter}})
        return False
    values = {"public_url": settings.PUBLIC_URL, "email": row.email, "subject": SUBJECTS[letter]}
    if letter in links.LINKS:
        link = make_link(row, letter, user)
        if link is None:
            return False
        values["link"] = link
    text, html = (render_to_string(f"mail/{letter}.{ending}", values) for ending in ("txt", "html"))
    send_mail(SUBJECTS[letter], text, None, [row.email], html_message=html)
    if settings.MAIL_FOLDER:
        log.info("mail was written into a folder", extra={"fields": {"letter": letter, "folder": settings.MAIL_FOLDER}})
    return True


def make_link(row: OutgoingMail, letter: Letter, user: User | None) -> str | None:
    """Return a link for whom the letter is; None where there is nobody, or where what ends all links was faster."""
    if user is None or not user.is_active:
        return None
    with transaction.atomic():
        return links.address(letter, user, row.email) if mail.lock(row) else None


def tell(row: OutgoingMail, fault: Exception) -> None:
    fields = {"mail": str(row.pk), "letter": row.letter, "attempt": row.attempts + 1}
    fields |= {"reason": reason(fault), "to": destination()}
    log.error("mail can't be sent; it will be tried again", extra={"fields": fields})


def is_about_this_mail(fault: Exception) -> bool:
    """Tell whether the next mail may well go out: this one alone is refused, by the server or by our own checks.

    All else is an error of the connection, a certificate or a folder. Those of certificates are ValueErrors besides.
    """
    return isinstance(fault, SMTPRecipientsRefused | SMTPDataError) or not isinstance(
        fault, OSError | ImproperlyConfigured
    )


def reason(fault: Exception) -> str:
    """Say what went wrong, without the words that may name an address: those of the server and of our own checks."""
    name = type(fault).__name__
    match fault:
        case SMTPRecipientsRefused():
            return f"{name} {', '.join(str(code) for code, _ in fault.recipients.values())}"
        case SMTPResponseException():
            return f"{name} {fault.smtp_code}"
        case OSError() | ImproperlyConfigured():
            return f"{name}: {fault}"
    return name


@cache
def tell_destination() -> None:
    """Let the log say where mail goes, once for each process that sends any."""
    log.info("mail goes to %s", destination())


def destination() -> str:
    """Return a folder, or the mail server without user and password, or the standard output."""
    if settings.MAIL_FOLDER:
        return f"the folder {settings.MAIL_FOLDER}, because no mail server is set"
    if settings.EMAIL_HOST:
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT or 'default'}"
    return "the standard output"
