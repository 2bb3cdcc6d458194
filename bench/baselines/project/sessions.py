"""Django's sessions in the table that is there: one look at it for each request, as with Django's own table."""

import hashlib
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from bench.baselines.project.models import Session


class SessionStore(SessionBase):
    """A session that is only read: nobody logs in or out here."""

    def load(self) -> dict[str, Any]:
        token_hash = hashlib.sha256((self.session_key or "").encode()).digest()
        row = Session.objects.filter(token_hash=token_hash, expires_at__gt=timezone.now()).first()
        if row is None:
            return {}
        return {**row.data, BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend"}
