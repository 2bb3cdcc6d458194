"""``manage.py sweep_attachments``: brings rows and files of attachments together."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from app.attachments import services


class Command(BaseCommand):
    """Do at once what ``run_jobs`` does every day, and name the attachments whose content is lost."""

    help = "Remove files that belong to no attachment, and name attachments without a file: exit code 1 if there are."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        self.stdout.write(f"{services.sweep_orphans()} files without an attachment were removed.")
        lost = list(services.lost_contents())
        for attachment_id in lost:
            self.stdout.write(f"The content of the attachment {attachment_id} is lost.")
        if lost:
            sys.exit(1)
