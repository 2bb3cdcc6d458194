"""The real application behind the real edge, on its most different pages."""

import http.client
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.cast import URL, Person
from tests.edge.test_headers import EXPECTED


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/health/live/", 200),
        ("/health/ready/", 200),
        ("/auth/csrf/", 200),
        ("/auth/me/", 401),
        ("/api/todos/", 401),
        ("/api/nothing/", 404),
        ("/api/schema/", 200),
        ("/api/docs/", 200),
        ("/api/redoc/", 200),
    ],
)
def test_each_security_header_stands_once(path: str, status: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    connection.close()

    found = Counter(name.lower() for name, _ in answer.getheaders())
    once = {
        *EXPECTED,
        "X-XSS-Protection",
        "Content-Security-Policy",
        "Permissions-Policy",
        "X-Request-ID",
        "Cache-Control",
    }
    assert answer.status == status
    assert {name: found[name.lower()] for name in once} == dict.fromkeys(once, 1)


def test_the_application_and_the_edge_name_the_same_request(anonymous: Person) -> None:
    answer = anonymous.get("/api/todos/")

    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/", "/api/docs/", "/api/redoc/"])
def test_the_pages_load_nothing_from_another_host(anonymous: Person, path: str) -> None:
    page = anonymous.get(path).text

    assert "://" not in page.replace("http://www.w3.org", "")


def test_a_static_file_of_the_docs_is_kept_for_a_year(anonymous: Person) -> None:
    script = anonymous.get("/api/redoc/").text.split('<script src="')[1].split('"')[0]

    assert anonymous.get(script).headers["Cache-Control"] == "public, max-age=31536000, immutable"
