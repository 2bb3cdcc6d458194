"""What is done beside the requests: the periodic jobs and the mail."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from app.accounts.doctor.finding import Finding, fail, ok, warn
from app.accounts.queries import mail
from app.common import jobs

LATE = timedelta(minutes=3)  # a run is noted with a delay of a minute at most
OLD_MAIL = timedelta(minutes=10)
MAIL_TIMEOUT = 4.0  # seconds


def periodic_jobs() -> Finding:
    if not jobs.are_done():
        return fail("no process does them. Start one: python manage.py run_jobs")
    runs, now = jobs.last_runs(), timezone.now()
    due = {name: now - timedelta(seconds=seconds) - LATE for name, seconds in settings.PERIODIC_JOBS.items()}
    ailing = [f"{name} failed ({error})" for name, (_, error) in runs.items() if error]
    ailing += [f"{name} is late" for name in due if name not in runs or runs[name][0] < due[name]]
    return warn(f"{', '.join(ailing)}. Look at the log of run_jobs.") if ailing else ok("are being done")


def waiting_mail() -> Finding:
    count, oldest = mail.waiting()
    if oldest and oldest < timezone.now() - OLD_MAIL:
        return warn(f"{count} wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC. Look at the log of run_jobs.")
    return ok(f"{count} wait")


def mail_server() -> Finding:
    backend = get_connection(timeout=MAIL_TIMEOUT)
    if not isinstance(backend, EmailBackend):
        place = getattr(settings, "EMAIL_FILE_PATH", None) or "the log"
        return warn(f"there is none: mail goes to {place} and reaches nobody. Set EMAIL_URL to a mail server.")
    backend.open()
    try:
        if backend.connection:
            backend.connection.ehlo_or_helo_if_needed()
    finally:
        backend.close()
    return ok(f"{backend.host}:{backend.port} answers")
