"""`make demo`: an account to look at."""

import re

from tests.cast import Person
from tests.operators import manage

PRINTED = re.compile(r"\n  2,000 todos .+\n\n  address +\S+/api/docs/\n  e-mail +(\S+)\n  password +(\S+)\n")


def test_it_prints_a_login_that_works_and_nothing_else() -> None:
    done = manage("demo")

    printed = PRINTED.fullmatch(done.stdout)
    assert (printed is not None, done.stderr, done.returncode) == (True, "", 0)
    visitor = Person("demo")
    visitor.email, visitor.password = printed.groups() if printed else ("", "")
    assert visitor.log_in().status_code == 200
    assert visitor.get("/api/todos/?count=true").json()["count"] == 2000
