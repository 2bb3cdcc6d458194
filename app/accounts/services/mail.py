"""Sending the mails that are due (a periodic job). Links use PUBLIC_URL, never the Host header of a request.

A request only notes that a mail shall go out. So it takes as long for an address that has an account as for one that
has none, and a mail server that is slow or gone holds nobody up.
"""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from app.accounts.models import Letter, OutgoingMail
from app.accounts.queries import mail, users
from app.accounts.services import links

log = logging.getLogger("doable.mail")

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
    sent = 0
    while row := mail.claim_due_mail():
        try:
            sent += send(row)
        except OSError as fault:  # of which every error of smtplib is one
            keep(row, fault)
            break  # the server hardly takes the next one either; the next run tries it
        mail.delete_mail(row)
    return sent


def keep(row: OutgoingMail, fault: OSError) -> None:
    """Leave a mail for the next attempt, or give it up; the log learns which letter it was, and not to whom."""
    log.error("mail can't be sent: %s", type(fault).__name__, extra={"fields": {"letter": row.letter}})
    if mail.is_given_up(row):
        log.error("mail was given up after a day", extra={"fields": {"letter": row.letter}})
        mail.delete_mail(row)


def send(row: OutgoingMail) -> bool:
    """Send a mail; return False where there is nobody to write to."""
    letter, user = Letter(row.letter), row.user or users.find_user(row.email)
    values = {"public_url": settings.PUBLIC_URL, "email": row.email}
    if letter in links.LINKS:
        if user is None or not user.is_active:
            return False
        values["link"] = links.address(letter, user, row.email)
    text, html = (render_to_string(f"mail/{letter}.{ending}", values) for ending in ("txt", "html"))
    send_mail(SUBJECTS[letter], text, None, [row.email], html_message=html)
    if settings.MAIL_FOLDER:
        log.info("mail was written into a folder", extra={"fields": {"letter": letter, "folder": settings.MAIL_FOLDER}})
    return True
