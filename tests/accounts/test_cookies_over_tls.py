"""Where the service is reached by https (PROFILE=tls), no cookie ever leaves it.

The cookies are handed back here by hand, as no client sends them over the plain connection behind nginx.
"""

from collections.abc import Iterator

import pytest
import requests

from tests.accounts.cookies import cookie_attributes, cookie_value, names_of_cookies
from tests.cast import Person
from tests.problems import assert_problem
from tests.servers import second_app

HOST_ONLY = {"httponly": True, "path": "/", "samesite": "Lax", "secure": True}


@pytest.fixture(scope="module")
def tls_app() -> Iterator[str]:
    with second_app(PROFILE="tls", PUBLIC_URL="https://localhost") as url:
        yield url


@pytest.fixture
def visitor(tls_app: str) -> Person:
    """Return someone whose requests look as if nginx had taken them by https."""
    visitor = Person("visitor", tls_app)
    visitor.headers.update({"Host": "localhost", "X-Forwarded-Proto": "https", "Origin": "https://localhost"})
    return visitor


def sign_up(visitor: Person, **headers: str | None) -> requests.Response:
    given = visitor.get("/auth/csrf/")
    cookie = given.raw.headers["Set-Cookie"].partition(";")[0]
    shown = {"Cookie": cookie, "X-CSRFToken": given.json()["csrf_token"]}
    return visitor.post("/auth/register/", json=visitor.credentials, headers=shown | headers)


def test_the_cookies_are_for_https_and_for_this_host_alone(visitor: Person) -> None:
    answer = sign_up(visitor)

    assert answer.status_code == 201
    assert names_of_cookies(answer) == {"__Host-sessionid", "__Host-csrftoken"}
    assert cookie_attributes(answer, "__Host-sessionid") == HOST_ONLY | {"max-age": "2592000"}
    assert cookie_attributes(answer, "__Host-csrftoken") == HOST_ONLY | {"max-age": "31449600"}


def test_the_session_is_found_by_its_cookie(visitor: Person) -> None:
    token = cookie_value(sign_up(visitor), "__Host-sessionid")

    assert visitor.get("/auth/me/", headers={"Cookie": f"__Host-sessionid={token}"}).status_code == 200
    assert visitor.get("/auth/me/", headers={"Cookie": f"sessionid={token}"}).status_code == 401


@pytest.mark.parametrize("origin", [None, "http://localhost", "https://evil.example"])
def test_a_request_from_elsewhere_is_refused(visitor: Person, origin: str | None) -> None:
    assert_problem(sign_up(visitor, Origin=origin), 403, "csrf_failed")
