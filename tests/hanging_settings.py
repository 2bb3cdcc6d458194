"""The product's settings, with a periodic job that never ends by itself."""

from app.config.settings import *  # noqa: F403 - a settings module is a set of names

PERIODIC_JOBS = {
    "tests.periodic_jobs.hang": 1,
    "app.accounts.jobs.purge_sessions": 1,
}
