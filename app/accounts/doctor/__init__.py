"""What ``manage.py doctor`` looks at, in this order."""

from collections.abc import Iterator

from app.accounts.doctor import machine, stores, work
from app.accounts.doctor.finding import Check, Finding, Level, fail

CHECKS = [
    Check("PostgreSQL", stores.postgresql, "Start it, or correct DATABASE_URL."),
    Check("migrations", stores.migrations, stores.APPLY, "PostgreSQL"),
    Check("clock of PostgreSQL", stores.clock_of_postgresql, "Look at the log of PostgreSQL.", "PostgreSQL"),
    Check("archive of the log", stores.archive_of_the_log, "Look at the log of PostgreSQL.", "PostgreSQL"),
    Check("periodic jobs", work.periodic_jobs, stores.APPLY, "PostgreSQL"),
    Check("mail on its way", work.waiting_mail, stores.APPLY, "PostgreSQL"),
    Check("Redis", stores.redis_server, "Start it, or correct REDIS_URL; without it everything is slower."),
    Check("clock of Redis", stores.clock_of_redis, "Look at the log of Redis.", "Redis"),
    Check("mail server", work.mail_server, "Correct EMAIL_URL, or start the mail server."),
    Check("settings", machine.settings_for_deployment, "Correct the setting."),
    Check("profile", machine.profile, "Correct PROFILE."),
    Check("static files", machine.static_files, "Collect them: python manage.py collectstatic"),
    Check("media folder", machine.media_folder, "Let the user of the application write into MEDIA_ROOT."),
    Check("disk", machine.disk, "Correct MEDIA_ROOT."),
    Check("breached passwords", machine.breached_passwords, "Correct BREACHED_PASSWORDS_FILE."),
    Check("public address", machine.public_address, "Correct PUBLIC_URL, or start nginx."),
]


def examine() -> Iterator[tuple[str, Finding]]:
    """Yield the name of each check and what it found; none takes longer than five seconds."""
    failed = set()
    for check in CHECKS:
        finding = fail(f"can't be seen without {check.needs}.") if check.needs in failed else check.look()
        if finding.level is Level.FAIL:
            failed.add(check.name)
        yield check.name, finding
