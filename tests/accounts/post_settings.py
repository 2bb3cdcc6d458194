"""The product's settings, with two periodic jobs of which neither may hold up the other."""

from app.config.settings import *  # noqa: F403 - a settings module is a set of names
from tests.drill import size

EMAIL_TIMEOUT = size(1, 10)  # seconds
PERIODIC_JOBS = {
    "app.accounts.jobs.send_due_mail": 1,
    "app.accounts.jobs.purge_sessions": 1,
}
