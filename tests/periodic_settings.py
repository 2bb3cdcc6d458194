"""The product's settings, with periodic jobs that come round every second and some that go wrong."""

from app.config.settings import *  # noqa: F403 - a settings module is a set of names

PERIODIC_JOBS = {
    "tests.periodic_jobs.fail": 1,
    "app.accounts.jobs.purge_sessions": 1,
}
