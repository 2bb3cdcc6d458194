"""What surrounds the application: settings, files, the disk, and whether people reach it."""

import shutil
import tempfile
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core import checks

from app.accounts.breached import refuse_other_files
from app.accounts.doctor.finding import Finding, fail, ok, warn

MIB = 1024 * 1024
LITTLE_ROOM, NO_ROOM = 1024 * MIB, 100 * MIB
ANSWER = 4.0  # seconds


def settings_for_deployment() -> Finding:
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    loud = [message for message in found if not message.is_silenced()]
    text = "; ".join(f"{message.id} {message.msg}" for message in loud)
    if any(message.level >= checks.ERROR for message in loud):
        return fail(f"{text}. Correct the setting.")
    return warn(text) if loud else ok("are complete and consistent")


def profile() -> Finding:
    if settings.IS_TLS:
        return ok("tls")
    return warn(
        "http-local: cookies travel without TLS. Let it be reached from this machine or a private network alone."
    )


def static_files() -> Finding:
    storage = ManifestStaticFilesStorage()
    names = list(storage.hashed_files.values())
    missing = [name for name in names if not storage.exists(name)]
    if missing or not names:
        gone = missing[0] if missing else storage.manifest_name
        return fail(f"{settings.STATIC_ROOT} lacks {gone}. Collect them: python manage.py collectstatic")
    return ok(f"{len(names)} in {settings.STATIC_ROOT}")


def media_folder() -> Finding:
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT):
        return ok(f"{settings.MEDIA_ROOT} can be written")


def disk() -> Finding:
    free = shutil.disk_usage(settings.MEDIA_ROOT).free
    text = f"{free // MIB} MiB are free around {settings.MEDIA_ROOT}"
    if free < NO_ROOM:
        return fail(f"{text}. Make room now.")
    return warn(f"{text}. Make room.") if free < LITTLE_ROOM else ok(text)


def breached_passwords() -> Finding:
    path = settings.BREACHED_PASSWORDS_FILE
    if path is None:
        return ok("no list is set; common ones are refused all the same")
    refuse_other_files(path)
    return ok(f"{path} can be read")


def public_address() -> Finding:
    """Warn where the address does not answer: a container, for one, may well be unable to reach it."""
    url = f"{settings.PUBLIC_URL}/health/live/"
    try:
        with urlopen(url, timeout=ANSWER):  # noqa: S310 - http or https, as the settings have made sure
            return ok(f"{url} answers")
    except (URLError, OSError) as fault:
        return warn(f"{url} does not answer here ({fault}). If it does not in a browser either, correct PUBLIC_URL.")
