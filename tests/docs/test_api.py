"""docs/api.md names exactly the endpoints of the URL map, and its figures are those of nginx and the code."""

import re

from app.accounts.attempts import LOGIN_FROM_NETWORK, LOGIN_OF_ACCOUNT
from app.common.limits import SECOND
from app.common.pagination import MAX_LIMIT, PageQuery
from app.config.urls import PUBLIC
from app.lists.serializers import ListFilter
from app.todos.serializers import TodoFilter
from tests.docs.documents import CODE, read, rows, section
from tests.routes import ROUTES

PAGE = "docs/api.md"
ZONE = re.compile(r"zone=(\w+):\S+ rate=(\d+)r/m")
BURST = re.compile(r"limit_req zone=(\w+) burst=(\d+)")


def endpoints() -> dict[str, str]:
    return {CODE.findall(cells[0])[0]: cells[2] for cells in rows(section(read(PAGE), "Endpoints")) if "`" in cells[0]}


def test_every_endpoint_is_listed_and_nothing_else() -> None:
    assert set(endpoints()) == {str(route) for route in ROUTES}


def test_the_public_ones_are_called_public() -> None:
    public = {endpoint for endpoint, needs in endpoints().items() if needs.startswith("public")}

    assert public == {str(route) for route in ROUTES if route.path in PUBLIC}


def test_the_limits_of_failed_logins_are_those_of_the_application() -> None:
    shown = [(cells[1], cells[2]) for cells in rows(section(read(PAGE), "Failed logins"))][1:]

    kept = [(str(limit.count), f"{limit.interval // SECOND} s") for limit in (LOGIN_OF_ACCOUNT, LOGIN_FROM_NETWORK)]
    assert shown == kept


def test_the_limits_are_those_of_nginx() -> None:
    template = read("nginx/templates/doable.conf.template")
    rates, bursts = dict(ZONE.findall(template)), dict(BURST.findall(template))

    shown = [(cells[1], cells[2]) for cells in rows(section(read(PAGE), "Limits"))][1:]

    assert shown == [(rates[zone], str(int(bursts[zone]) + 1)) for zone in ("login", "auth", "api")]


def test_every_filter_is_listed() -> None:
    shown = {cells[0]: CODE.findall(cells[1]) for cells in rows(section(read(PAGE), "Pages"))}
    common = set(PageQuery.__struct_fields__)

    assert set(shown["`/api/todos/`"]) == set(TodoFilter.__struct_fields__) - common
    assert set(shown["`/api/lists/`"]) == set(ListFilter.__struct_fields__) - common


def test_the_page_limits_are_those_of_the_code() -> None:
    assert f"`limit` is {PageQuery().limit} unless you say otherwise, and at most\n{MAX_LIMIT}." in read(PAGE)
