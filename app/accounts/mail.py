"""The mails of an account. Links use the configured address, never the Host header of a request."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from app.common.errors import Code, Problem

log = logging.getLogger(__name__)


def send_verification(email: str, token: str) -> None:
    _send("verify_email", "Confirm your address", email, {"link": f"{settings.PUBLIC_URL}/#verify={token}"})


def send_already_registered(email: str) -> None:
    _send("already_registered", "You have an account already", email, {})


def _send(template: str, subject: str, to: str, context: dict[str, str]) -> None:
    values = {**context, "email": to, "public_url": settings.PUBLIC_URL}
    text, html = (render_to_string(f"mail/{template}.{ending}", values) for ending in ("txt", "html"))
    try:
        send_mail(subject, text, None, [to], html_message=html)
    except OSError as fault:  # of which every error of smtplib is one
        log.exception("mail can't be sent")
        raise Problem(Code.UNAVAILABLE, "Mail can't be sent at the moment. Try again shortly.") from fault
