"""The only password hasher."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at OWASP's second setting: 19 MiB a hash, so that a wave of logins can't exhaust the memory."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1
