"""A world in which mail goes by SMTP: a database, an app and a process for the jobs, beside those of the stack."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from local.port import held
from local.waiting import wait_until
from tests.cast import Person
from tests.servers import second_app
from tests.workers import Database, Worker, own_database, worker

SENDER = "doable@example.org"
SETTINGS = "tests.accounts.post_settings"
SOON = 20  # seconds
CANT = "mail can't be sent; it will be tried again"
WAITING = "SELECT count(*) FROM core_outgoing_mail WHERE email = %s"
MAILS = "SELECT array_agg(id::text) FROM core_outgoing_mail WHERE email = %s"
MAKE_DUE = "UPDATE core_outgoing_mail SET due_at = now() WHERE email = %s RETURNING id"


class PostOffice:
    """What tests ask of that world: people in it, and what became of their mail."""

    def __init__(self, database: Database, app: str, port: int) -> None:
        self.database = database
        self.app = app
        self.port = port

    def person(self, name: str = "alice") -> Person:
        """Return someone who has an account here."""
        person = Person(name, self.app)
        assert person.sign_up().ok
        return person

    def ask_reset(self, email: str) -> requests.Response:
        person = Person("forgetful", self.app)
        person.fetch_csrf_token()
        return person.post("/auth/password/reset/", json={"email": email})

    def wait_until_tried(self, postman: Worker, email: str, times: int = 1) -> str:
        """Wait until the mail to an address has been tried so often in vain; return what the last failure was."""
        failures: list[str] = []

        def is_tried() -> bool:
            mails = self.database.ask(MAILS, email) or []
            said = [entry for entry in postman.entries if entry["message"] == CANT and entry["mail"] in mails]
            failures[:] = [str(entry["reason"]) for entry in said]
            return len(failures) >= times

        # An attempt is counted when it begins, so the row alone does not tell when it has failed.
        wait_until(is_tried, SOON, f"mail to {email} was not tried in vain")
        return failures[-1]

    def wait_until_gone(self, email: str) -> None:
        """Wait until no mail to an address is on its way any more."""
        wait_until(lambda: self.database.ask(WAITING, email) == 0, SOON, f"mail to {email} is still on its way")

    def make_due(self, email: str) -> None:
        """Have the next attempt made now instead of after its pause."""
        assert self.database.ask(MAKE_DUE, email)

    @contextmanager
    def postman(self, log: Path, url: str = "", **more: str) -> Iterator[Worker]:
        """Yield the process that sends the mail, to a server without TLS where nothing else is said."""
        url = url or f"smtp://127.0.0.1:{self.port}"
        mail = {"EMAIL_URL": url, "EMAIL_FROM": f"Doable <{SENDER}>", "PUBLIC_URL": "http://todo.internal:8080"}
        with worker(self.database, log, SETTINGS, **mail, **more) as postman:
            wait_until(lambda: "mail goes to" in text_of(log), SOON, f"{log} does not say where mail goes")
            yield postman


@contextmanager
def post_office(**changes: str) -> Iterator[PostOffice]:
    with held() as port, own_database() as database, second_app(DATABASE_URL=database.url, **changes) as app:
        yield PostOffice(database, app, port)


def text_of(log: Path) -> str:
    return os.fsdecode(log.read_bytes())
