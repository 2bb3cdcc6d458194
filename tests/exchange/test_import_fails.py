"""An import whose check fails again and again: others go on, and in the end it is given up."""

from collections.abc import Callable, Iterator

import pytest

from local.waiting import wait_until
from tests.cast import Person
from tests.exchange.transfers import LIST, apply, begun, checked, document, look, settled
from tests.problems import assert_problem
from tests.servers import second_app
from tests.workers import Database, own_database, worker

PRODUCT = "app.config.settings"
SOON = 20  # seconds
# The database breaks off whatever stores a record of this name, as it does with what takes too long.
BREAK_OFF = """
CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'broken off' USING ERRCODE = 'query_canceled'; END $$;
CREATE TRIGGER break_off BEFORE INSERT ON core_import_row FOR EACH ROW
WHEN (NEW.data ->> 'name' = 'Never') EXECUTE FUNCTION break_off();
"""
NEVER = document(lists=[LIST, LIST | {"id": "019aac40-12c4-4b31-8e0f-6d5c4b3a2911", "name": "Never"}])
ATTEMPTS = "SELECT attempts FROM core_import WHERE id = %s"
HURRY = "UPDATE core_import SET due_at = now() WHERE id = %s AND due_at > now() RETURNING 1"


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as database:
        with database.connect() as connection:
            connection.execute(BREAK_OFF)
        yield database


@pytest.fixture(scope="module")
def app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("fails")
    (folder / "media").mkdir()
    changes = {"DATABASE_URL": database.url, "MEDIA_ROOT": str(folder / "media")}
    with second_app(**changes) as url, worker(database, folder / "log", PRODUCT, **changes):
        yield url


def test_an_import_that_fails_holds_up_no_other(
    database: Database, sign_up: Callable[[str], Person], alice: Person, bob: Person
) -> None:
    never = begun(alice, NEVER)
    wait_until(lambda: database.ask(ATTEMPTS, never) > 1, SOON, "the import has not failed")

    assert checked(bob, document())["state"] == "checked"
    assert checked(sign_up("carol"), document())["state"] == "checked"
    assert look(alice, never)["state"] in {"uploaded", "checking"}


def test_an_import_that_fails_again_and_again_is_given_up_and_says_where(database: Database, alice: Person) -> None:
    never = begun(alice, NEVER)

    def is_given_up() -> bool:
        database.ask(HURRY, never)
        return bool(look(alice, never)["state"] == "failed")

    wait_until(is_given_up, SOON, "the import is not given up")

    [problem] = look(alice, never)["problems"]
    assert (problem["pointer"], problem["line"], problem["code"]) == ("", 1, "check_failed")
    assert look(alice, never)["problem_count"] == 1
    assert_problem(apply(alice, never), 409, "import_not_checked")
    assert settled(alice, begun(alice, document()))["state"] == "checked"
