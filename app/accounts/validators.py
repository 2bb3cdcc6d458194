"""What a password must be, beyond what Django's own validators ask for (AUTH_PASSWORD_VALIDATORS)."""

import logging
from pathlib import Path

from django.core.exceptions import ValidationError

from app.accounts.breached import is_breached

log = logging.getLogger(__name__)


class MinimumLengthValidator:
    """Refuse a password of fewer characters, in the words in which other texts are refused for being short."""

    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        if len(password) < self.min_length:
            raise ValidationError(f"Expected at least {self.min_length} characters.", code="too_short")

    def get_help_text(self) -> str:
        return f"Your password must have at least {self.min_length} characters."


class BreachedPasswordValidator:
    """Refuse a password that stands in a list of breached ones; without a list (``path`` is None) refuse none."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        if self.path and self._lists(self.path, password):
            raise ValidationError(
                "This password was found in a breach of another service. Choose another.", code="password_breached"
            )

    def _lists(self, path: Path, password: str) -> bool:
        """Return False where the list can't be read: a broken disk must not keep people from a new password."""
        try:
            return is_breached(password, path)
        except OSError:
            log.exception("BREACHED_PASSWORDS_FILE can't be read; a password was accepted without a look into it")
            return False

    def get_help_text(self) -> str:
        return "Your password must not be one that was found in a breach of another service."
