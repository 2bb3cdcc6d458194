"""Who may do what: every method of every path, asked for by everyone there is.

The cells come from the URL map, and what is expected of a cell from a few rules, so that a new path is tested unasked.
"""

from collections.abc import Callable, Iterator

import pytest

from app.config.urls import PUBLIC
from tests.accounts.test_api_tokens import program
from tests.cast import Person, created
from tests.routes import CALLS, ROUTES, UNSAFE, Ids, Route, belongings, call
from tests.rows import disable

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
CELLS = [Route(method, path) for path in sorted({route.path for route in ROUTES}) for method in METHODS]
QUIET = [cell for cell in CELLS if cell not in UNSAFE]  # they change nothing, so that one account does for all
INDIFFERENT = {path for path in PUBLIC if not path.startswith("/auth/")}  # they look at no credentials
PAGES = {path for path in INDIFFERENT if path.startswith("/api/")}
LINKS = {"/auth/password/reset/confirm/", "/auth/email/verify/", "/auth/email/change/confirm/"}
LOGIN, NEW_TODO = Route("POST", "/auth/login/"), Route("POST", "/api/todos/")
each_change = pytest.mark.parametrize("cell", UNSAFE, ids=str)
Expectation = Callable[[Route], int]


def newly_signed_up(name: str) -> Person:
    person = Person(name)
    created(person.sign_up())
    return person


@pytest.fixture(scope="module")
def owner() -> Person:
    return newly_signed_up("owner")


@pytest.fixture(scope="module")
def owned(owner: Person) -> Iterator[Ids]:
    """Return what the owner has, which is still there when everyone was refused."""
    ids = belongings(owner)
    yield ids
    for path in ("/api/lists/{list_id}/", "/api/todos/{todo_id}/"):
        assert owner.get(path.format(**ids)).status_code == 200
    for collection, name in (("/auth/sessions/", "session_id"), ("/auth/tokens/", "token_id")):
        assert ids[name] in {row["id"] for row in owner.get(collection).json()["results"]}


@pytest.fixture(scope="module")
def stranger() -> Person:
    return newly_signed_up("stranger")


@pytest.fixture(scope="module")
def closed() -> tuple[Person, Ids]:
    """Return someone whose account was closed, and what is in it."""
    person = newly_signed_up("closed")
    ids = belongings(person)
    disable(person)
    return person, ids


@pytest.fixture(scope="module", params=["read", "write"])
def narrow(request: pytest.FixtureRequest, owner: Person) -> tuple[str, Person]:
    """Return a scope and a program of the owner that has no other."""
    return request.param, program(owner.make_token(request.param)["token"])


# --- the rules ------------------------------------------------------------------------------------


def of_owner(cell: Route) -> int:
    """Return the status for who may do all that there is to do."""
    if cell in CALLS:
        return CALLS[cell].status
    if cell.method == "OPTIONS":
        return 405 if cell.path in PAGES else 200
    return 200 if cell.is_reading and Route("GET", cell.path) in ROUTES else 405


def of_stranger(cell: Route) -> int:
    if cell == NEW_TODO:
        return 422  # the list is the owner's
    is_looked_for = "{" in cell.path and cell.method != "OPTIONS" and of_owner(cell) != 405
    return 404 if is_looked_for else of_owner(cell)


def of_visitor(cell: Route) -> int:
    return of_owner(cell) if cell.path in PUBLIC else 401


def of_closed(cell: Route) -> int:
    if cell in UNSAFE and cell.path in LINKS:
        return 422
    return 401 if cell == LOGIN else of_visitor(cell)


def of_token(scope: str) -> Expectation:
    def expected(cell: Route) -> int:
        may = cell.path.startswith("/api/") and cell.is_reading == (scope == "read")
        return of_owner(cell) if may or cell.path in INDIFFERENT else 403

    return expected


# --- what changes nothing -------------------------------------------------------------------------


def assert_quiet_cells(person: Person, ids: Ids, expected: Expectation) -> None:
    found = {str(cell): person.request(cell.method, cell.path.format(**ids)).status_code for cell in QUIET}
    assert found == {str(cell): expected(cell) for cell in QUIET}


def test_an_owner_reads_all_there_is(owner: Person, owned: Ids) -> None:
    assert_quiet_cells(owner, owned, of_owner)


def test_a_stranger_finds_nothing(stranger: Person, owned: Ids) -> None:
    assert_quiet_cells(stranger, owned, of_stranger)


def test_a_visitor_reads_what_is_public(anonymous: Person, owned: Ids) -> None:
    anonymous.fetch_csrf_token()

    assert_quiet_cells(anonymous, owned, of_visitor)


def test_a_closed_account_reads_no_more_than_a_visitor(closed: tuple[Person, Ids]) -> None:
    assert_quiet_cells(*closed, of_closed)


def test_a_narrow_token_reads_what_its_scope_says(narrow: tuple[str, Person], owned: Ids) -> None:
    scope, script = narrow

    assert_quiet_cells(script, owned, of_token(scope))


# --- what changes something -----------------------------------------------------------------------


@each_change
def test_an_owner_changes_all_there_is(cell: Route) -> None:
    owner = newly_signed_up("owner")

    assert call(owner, cell, belongings(owner)).status_code == of_owner(cell)


@each_change
def test_a_stranger_changes_only_what_belongs_to_nobody_else(cell: Route, stranger: Person, owned: Ids) -> None:
    if of_stranger(cell) < 300:
        stranger, owned = newly_signed_up("stranger"), belongings(newly_signed_up("owner"))

    assert call(stranger, cell, owned).status_code == of_stranger(cell)


@each_change
def test_a_visitor_changes_only_what_is_public(cell: Route, anonymous: Person, owned: Ids) -> None:
    if of_visitor(cell) < 300:
        owned = belongings(newly_signed_up("owner"))
    anonymous.fetch_csrf_token()

    assert call(anonymous, cell, owned).status_code == of_visitor(cell)


@each_change
def test_a_closed_account_changes_no_more_than_a_visitor(cell: Route, closed: tuple[Person, Ids]) -> None:
    person, ids = closed
    same = Person("closed")  # what one cell gives it, such as a cookie, is not there for the next
    same.cookies.update(person.cookies)
    same.headers["X-CSRFToken"] = person.headers["X-CSRFToken"]

    assert call(same, cell, ids).status_code == of_closed(cell)


@each_change
def test_a_narrow_token_changes_what_its_scope_says(cell: Route, narrow: tuple[str, Person], owned: Ids) -> None:
    scope, script = narrow
    expected = of_token(scope)(cell)
    if expected < 300:
        owner = newly_signed_up("owner")
        script, owned = program(owner.make_token(scope)["token"]), belongings(owner)

    assert call(script, cell, owned).status_code == expected


def test_every_route_of_the_url_map_is_asked_for() -> None:
    assert set(ROUTES) <= set(CELLS)
    assert set(UNSAFE) == CALLS.keys()
