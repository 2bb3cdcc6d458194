"""Many people from one sign-up: what it has left is left again, under another address and with secrets of its own.

A sign-up hashes a password, for which hundreds of tests that are about something else would wait. A hash gives way to
everything else, so on a busy machine they would wait for long.
"""

import copy
import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from uuid_utils.compat import uuid7

from app.accounts.models import User
from app.accounts.tokens import hash_token, new_token
from tests.cast import Person
from tests.rows import connect

LEFT = """
SELECT to_jsonb(u), to_jsonb(s),
       (SELECT jsonb_agg(e ORDER BY created_at) FROM core_audit_event e WHERE e.user_id = u.id)
FROM core_user u JOIN core_session s ON s.user_id = u.id WHERE u.email = %s
"""
LEAVE = """
WITH users AS (INSERT INTO core_user SELECT * FROM jsonb_populate_record(NULL::core_user, %s)),
sessions AS (INSERT INTO core_session SELECT * FROM jsonb_populate_record(NULL::core_session, %s))
INSERT INTO core_audit_event SELECT * FROM jsonb_populate_recordset(NULL::core_audit_event, %s)
"""
Row = dict[str, Any]


class SignUp:
    """What the sign-up of one person has left in the database and in the browser."""

    def __init__(self) -> None:
        self._first = Person("first")
        assert self._first.sign_up().status_code == 201
        self._made_at = timezone.now()
        self._user, self._session, self._events = left_by(self._first)

    def again(self, name: str) -> Person:
        """Return someone who has signed up a moment ago."""
        person, token, request = Person(name), new_token(), HttpRequest()
        person.headers["X-CSRFToken"] = get_token(request)
        values = {"sessionid": token, "csrftoken": request.META["CSRF_COOKIE"]}
        for cookie in map(copy.copy, self._first.cookies):
            cookie.value = values[cookie.name]
            person.cookies.set_cookie(cookie)
        self._leave(person, token)
        return person

    def _leave(self, person: Person, token: str) -> None:
        ids = {"user_id": str(uuid7()), "session_id": str(uuid7())}
        user = self._new(self._user) | {"id": ids["user_id"], "email": person.email}
        proof = User(password=user["password"], email=person.email).get_session_auth_hash()
        session = self._new(self._session) | {
            "id": ids["session_id"],
            "user_id": ids["user_id"],
            "token_hash": f"\\x{hash_token(token).hex()}",
            "data": self._session["data"] | {"_auth_user_id": ids["user_id"], "_auth_user_hash": proof},
        }
        events = [
            self._new(event) | {"id": str(uuid7())} | {name: event[name] and ids[name] for name in ids}
            for event in self._events
        ]
        with connect() as connection:
            connection.execute(LEAVE, [json.dumps(rows) for rows in (user, session, events)])

    def _new(self, row: Row) -> Row:
        """Return a row as if it had been made now."""
        age = timezone.now() - self._made_at
        times = {
            name: datetime.fromisoformat(time) + age for name, time in row.items() if name.endswith("_at") and time
        }
        return row | {name: time.isoformat() for name, time in times.items()}


def left_by(person: Person) -> tuple[Row, Row, list[Row]]:
    """Return the user, the session and the events of someone who has just signed up."""
    with connect() as connection:
        [found] = connection.execute(LEFT, [person.email]).fetchall()
    return found
