"""/admin/: who gets in, what is shown, and that nothing is edited. What operators do there: test_admin_actions.py."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest
import requests
from django.apps import apps
from django.contrib.admin import site
from django.urls import URLResolver

from tests.cast import Person, created
from tests.operators import id_of, make_operator
from tests.rows import ask, connect

NAMES = re.compile(r"\^\(\?P<app_label>([a-z|]+)\)/\$")
WITHOUT_PAGE = {"/admin/logout/": 405, "/admin/login/": 302, "/admin/nothing/": 404}


class Page(NamedTuple):
    """A path of /admin/; ``{id}`` in it is that of a row of the model."""

    path: str
    model: str

    def __str__(self) -> str:
        return self.path

    def filled(self) -> str:
        """Return the path of a row that is there."""
        return self.path.replace("{id}", a_row(self.model)) if "{id}" in self.path else self.path


def a_row(model: str) -> str:
    table = apps.get_model(model.replace("/", "."))._meta.db_table
    with connect() as connection:
        row = connection.execute(f'SELECT id FROM "{table}" LIMIT 1').fetchone()  # noqa: S608 - a table of ours
    assert row
    return str(row[0])


def walk(patterns: Iterable[Any], prefix: str) -> Iterator[Page]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + route)
        elif found := NAMES.fullmatch(route):
            yield from (Page(f"{prefix}{name}/", "") for name in found[1].split("|"))
        else:
            path = prefix + route.replace("<path:object_id>", "{id}").replace("(?P<url>.*)$", "nothing/")
            yield Page(path, prefix.removeprefix("/admin/").rstrip("/"))


PAGES = list(walk(site.get_urls(), "/admin/"))
CLOSED = [page for page in PAGES if page.path not in {"/admin/login/", "/admin/logout/"}]
each_page = pytest.mark.parametrize("page", PAGES, ids=str)
each_closed_page = pytest.mark.parametrize("page", CLOSED, ids=str)


@pytest.fixture(scope="module")
def operator() -> Person:
    """Someone who may open /admin/, with a row of each kind to look at."""
    operator = Person("operator")
    created(operator.sign_up())
    operator.attach(operator.make_todo(operator.make_list()))
    operator.make_token()
    with connect() as connection:
        connection.execute(
            "INSERT INTO core_outgoing_mail (id, letter, email, created_at, attempts, due_at)"
            " VALUES (gen_random_uuid(), 'reset_password', 'nobody@example.org', now(), 0, now() + interval '1 day')"
        )
    make_operator(operator)
    return operator


# --- who gets in --------------------------------------------------------------------------------------


@each_closed_page
def test_an_anonymous_visitor_is_sent_to_the_login(anonymous: Person, page: Page) -> None:
    answer = anonymous.get(page.path)

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/admin/login/")


@each_closed_page
def test_an_ordinary_user_is_sent_to_the_login(mallory: Person, page: Page) -> None:
    answer = mallory.get(page.path)

    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/admin/login/")


@each_page
def test_an_operator_gets_in(operator: Person, page: Page) -> None:
    answer = operator.get(page.filled())

    assert answer.status_code == WITHOUT_PAGE.get(page.path, 200)
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_ordinary_user_is_told_so_by_the_login_page(mallory: Person) -> None:
    assert "not authorized" in mallory.get("/admin/login/").text


def test_an_api_token_of_an_operator_opens_nothing(operator: Person) -> None:
    program = requests.Session()
    program.headers["Authorization"] = f"Bearer {operator.make_token(name='Opener')['token']}"

    assert program.get(f"{operator.url}/admin/", allow_redirects=False, timeout=20).status_code == 302


def test_an_operator_who_is_none_any_more_is_out_at_once(alice: Person) -> None:
    make_operator(alice)
    assert alice.get("/admin/").status_code == 200

    ask("UPDATE core_user SET is_staff = false WHERE email = %s RETURNING id", alice.email)

    assert alice.get("/admin/").status_code == 302


def test_a_visitor_begins_no_session(anonymous: Person) -> None:
    anonymous.get("/admin/login/")
    anonymous.post("/admin/login/", data={"username": "nobody@example.org", "password": "not the password"})

    assert "sessionid" not in anonymous.cookies


# --- what is shown ------------------------------------------------------------------------------------


@each_page
def test_no_hash_is_shown(operator: Person, page: Page) -> None:
    text = operator.get(page.filled()).text

    assert "argon2" not in text
    assert "hash" not in text.lower()


def test_a_list_counts_no_further_than_a_thousand(operator: Person, alice: Person) -> None:
    alice_id = id_of(alice)
    ask(
        "WITH made AS (INSERT INTO core_list (id, user_id, name, color, position, is_archived, created_at, updated_at)"
        " SELECT gen_random_uuid(), %s, 'Errands', '#aabbcc', 'a', false, now(), now() FROM generate_series(1, 1100)"
        " RETURNING 1) SELECT count(*) FROM made",
        alice_id,
    )

    assert "1000 lists" in operator.get(f"/admin/lists/list/?user={alice_id}").text


@pytest.mark.parametrize("spelling", ["{email}", "{shouted}", "{id}"])
def test_the_events_of_a_user_are_found_by_address_and_by_id(operator: Person, alice: Person, spelling: str) -> None:
    alice_id = id_of(alice)
    term = spelling.format(email=alice.email, shouted=alice.email.upper(), id=alice_id)

    found = operator.get("/admin/accounts/auditevent/", params={"q": term}).text

    assert re.findall(r'class="field-user_id">([^<]*)<', found) == [alice_id] * 2  # signed up, logged in


@pytest.mark.parametrize("query", ["?q=%00", "?event=%00", "?user_id=1", "?p=x", "?nonsense=1", "?created_at__gte=x"])
def test_a_nonsensical_query_is_no_fault_of_the_server(operator: Person, query: str) -> None:
    assert operator.get(f"/admin/accounts/auditevent/{query}").status_code < 500


# --- that nothing is edited ---------------------------------------------------------------------------


@each_page
def test_nothing_is_edited(operator: Person, page: Page) -> None:
    if "{id}" not in page.path:
        return
    path = page.filled()
    before = operator.get(path).text

    answer = operator.post(path, data={"name": "Changed", "title": "Changed", "is_active": "", "_save": "Save"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "Changed" not in before + operator.get(path).text


@pytest.mark.parametrize("verb", ["add/", "{id}/delete/", "{id}/history/"])
def test_there_is_no_page_to_add_or_delete(operator: Person, verb: str) -> None:
    for page in PAGES:
        if page.path.endswith("{id}/change/"):
            path = page.filled().replace("change/", "")
            assert (
                operator.get(path.replace(a_row(page.model) + "/", verb.format(id=a_row(page.model)))).status_code
                == 404
            )


@pytest.mark.parametrize("path", ["/admin/password_change/", "/admin/autocomplete/", "/admin/r/1/1/"])
def test_what_django_offers_besides_is_closed(operator: Person, path: str) -> None:
    assert operator.get(path).status_code == 404
