"""docs/operations.md lists exactly the periodic jobs."""

from django.conf import settings

from tests.docs.documents import first_codes, read, section


def test_every_periodic_job_is_listed() -> None:
    assert first_codes(section(read("docs/operations.md"), "Periodic jobs")) == list(settings.PERIODIC_JOBS)
