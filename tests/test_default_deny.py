"""Nothing is open by mistake: each route is listed as public, or refuses everyone but the owner."""

import pytest

from app.config.urls import INTERNAL, PUBLIC
from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import NOWHERE, ROUTES, Route, belongings, call

PRIVATE = [route for route in ROUTES if route.path not in PUBLIC]
OWNED = [route for route in PRIVATE if "{" in route.path]


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_a_private_route_asks_who_you_are(anonymous: Person, route: Route) -> None:
    anonymous.fetch_csrf_token()

    answer = call(anonymous, route, NOWHERE)

    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Session")


@pytest.mark.parametrize("route", OWNED, ids=str)
def test_what_belongs_to_someone_else_looks_missing(alice: Person, bob: Person, route: Route) -> None:
    foreign, missing = call(bob, route, belongings(alice)), call(bob, route, NOWHERE)

    assert_problem(foreign, 404, "not_found")
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_a_public_path_exists_and_knows_no_login(anonymous: Person, path: str) -> None:
    assert path in {route.path for route in ROUTES}
    assert anonymous.get(path).status_code in {200, 405}


@pytest.mark.parametrize("path", sorted(INTERNAL))
def test_what_is_internal_is_there_for_nobody(alice: Person, path: str) -> None:
    assert_problem(alice.get(path), 404, "not_found")
    assert_problem(alice.post(path), 404, "not_found")
