"""Two devices and a program of alice, and bob: what each was told, and the accounts that they work on."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import requests

from tests.cast import Person, created
from tests.machine.accounts import NONE, Account, Body, Row
from tests.rows import connect
from tests.tags import tag_of

RUNS_OF_A_CAST = 50
EMPTY = """
WITH emptied AS (DELETE FROM core_list WHERE user_id IN (SELECT id FROM core_user WHERE email = ANY(%s)))
UPDATE core_user SET revision = revision + 1 WHERE email = ANY(%s) RETURNING email, revision
"""


class Sent(NamedTuple):
    """A call that was acknowledged, with all that it takes to send it again."""

    method: str
    path: str
    body: Body | None
    headers: dict[str, str]
    answer: requests.Response


class Client:
    """One program that knows of the rows what it was told last, however long ago that was."""

    def __init__(self, person: Person, account: Account, tally: Counter[Any]) -> None:
        self.person, self.account, self.tally = person, account, tally
        self.known: dict[str, Body] = {}
        self.sent: list[Sent] = []

    def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        headers: Mapping[str, str] = NONE,
        *,
        keyed: bool = False,
    ) -> requests.Response:
        """Send a call, at will with a key by which it may be repeated."""
        headers = {**headers, **({"Idempotency-Key": str(uuid4())} if keyed else {})}
        answer = self.person.request(method, path, json=body, headers=headers)
        self.tally[answer.status_code] += 1
        if answer.ok:
            self.account.revision += 1
            self.sent += [Sent(method, path, body, headers, answer)] if keyed else []
        return answer

    def learn(self, shown: Body) -> None:
        self.known[shown["id"]] = shown

    def known_version(self, row: Row) -> int:
        """Return the version of a row that this client was shown last, and a guess where it never was."""
        return int(self.known.get(row.id, {"version": 1})["version"])

    def known_tag(self, row: Row) -> str:
        """Return the ETag of what this client was shown last of a row, and a guess where it never was."""
        return tag_of(self.known[row.id]) if row.id in self.known else '"1"'


class Stage:
    """Lends its people to one run after another, each time without a list or todo, and now and then gets new ones."""

    def __init__(self) -> None:
        self.connection = connect()
        self.connection.autocommit = True
        self.people: dict[str, Person] = {}
        self.runs = self.steps = 0
        self.tally: Counter[Any] = Counter()  # writes by how they were answered, and pages

    def clients(self) -> dict[str, Client]:
        if self.runs % RUNS_OF_A_CAST == 0:
            self.close()
            self.people = cast()
        self.runs += 1
        emails = [self.people[name].email for name in ("laptop", "bob")]
        accounts = {email: Account(email, revision) for email, revision in self._ask(EMPTY, emails, emails)}
        return {name: Client(person, accounts[person.email], self.tally) for name, person in self.people.items()}

    def revisions(self, accounts: list[Account]) -> dict[str, int]:
        emails = [account.email for account in accounts]
        return dict(self._ask("SELECT email, revision FROM core_user WHERE email = ANY(%s)", emails))

    def _ask(self, statement: Any, *values: Any) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()

    def __str__(self) -> str:
        counts = ", ".join(f"{count} x {what}" for what, count in sorted(self.tally.items(), key=str))
        return f"{self.runs} runs of {self.steps} steps together: {counts}"

    def close(self) -> None:
        for person in self.people.values():
            person.close()


def cast() -> dict[str, Person]:
    laptop, bob = Person("alice"), Person("bob")
    created(laptop.sign_up())
    created(bob.sign_up())
    script = Person("script")
    script.email = laptop.email
    script.headers["Authorization"] = f"Bearer {laptop.make_token()['token']}"
    return {"laptop": laptop, "phone": laptop.on_another_device(), "script": script, "bob": bob}
