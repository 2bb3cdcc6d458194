"""How often one address may ask."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drill import size
from tests.edge.conftest import Start
from tests.edge.gateway import Answer, Gateway


def wave(edge: Gateway, path: str, size: int) -> list[Answer]:
    """Send requests at the same time."""
    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(lambda _: edge.ask(path), range(size)))


def statuses(answers: list[Answer]) -> dict[int, int]:
    found = [answer.status for answer in answers]
    return {status: found.count(status) for status in set(found)}


@pytest.mark.parametrize(
    ("path", "first", "seconds_for_one", "retry_after"),
    [("/auth/login/", 4, 12, "12"), ("/auth/me/", 6, 6, "6"), ("/api/todos/", 21, 0.6, "1")],
)
def test_the_first_wave_passes_up_to_the_burst(
    start: Start, path: str, first: int, seconds_for_one: float, retry_after: str
) -> None:
    edge = start()
    started = time.monotonic()

    answers = wave(edge, path, 40)

    earned = int((time.monotonic() - started) / seconds_for_one)
    assert first <= statuses(answers)[200] <= first + earned
    assert statuses(answers).keys() == {200, 429}
    assert {answer.only("Retry-After") for answer in answers if answer.status == 429} == {retry_after}


@pytest.mark.drill
def test_who_never_stops_asking_is_let_in_by_the_rate_alone(start: Start) -> None:
    edge, seconds = start(), size(6, 60)
    per_minute = {"/auth/login/": 5, "/auth/me/": 10, "/api/todos/": 100}
    first = {"/auth/login/": 4, "/auth/me/": 6, "/api/todos/": 21}
    passed = dict.fromkeys(first, 0)

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path in passed:
            passed[path] += edge.ask(path).status == 200

    at_most = {path: first[path] + per_minute[path] * seconds // 60 for path in first}
    assert all(at_most[path] - 1 <= passed[path] <= at_most[path] for path in first), passed


@pytest.mark.parametrize(
    ("path", "first", "zone"), [("/auth/login/", 4, "login"), ("/auth/me/", 6, "auth"), ("/api/todos/", 21, "api")]
)
def test_the_log_names_the_zone_that_has_refused_a_request(start: Start, path: str, first: int, zone: str) -> None:
    edge = start()

    refused = statuses(wave(edge, path, 40))[429]

    limits = [line["limit"] for line in edge.log(40)]
    assert limits.count(zone) == refused
    assert limits.count("") == 40 - refused >= first


def test_nobody_who_passes_is_made_to_wait(start: Start) -> None:
    edge = start()
    started = time.monotonic()

    assert statuses(wave(edge, "/auth/login/", 8)) == {200: 4, 429: 4}

    assert time.monotonic() - started < 6  # seconds; in a queue the fourth would wait for 36


@pytest.mark.parametrize(
    "spelling", ["/auth//login/", "/auth/%6cogin/", "/auth/x/../login/", "/auth/%2e/login/", "/auth/login/?next=1"]
)
def test_another_spelling_of_the_login_does_not_escape_its_limit(start: Start, spelling: str) -> None:
    edge = start()
    wave(edge, "/auth/login/", 4)

    assert edge.ask(spelling).status == 429


@pytest.mark.parametrize("spelling", ["/AUTH/login/", "/Auth/Login/", "/auth%00/login/", "/x/auth/login/"])
def test_what_only_looks_like_the_login_never_reaches_the_application(edge: Gateway, spelling: str) -> None:
    assert edge.ask(spelling).status in (400, 404)


def test_forged_addresses_share_the_limit_of_the_real_one(start: Start) -> None:
    edge = start()

    found = [edge.ask("/auth/login/", X_Forwarded_For=f"6.6.6.{n}", X_Real_IP=f"6.6.6.{n}").status for n in range(6)]

    assert found == [200] * 4 + [429] * 2


def test_an_exempt_address_is_not_limited(start: Start) -> None:
    edge = start(RATE_LIMIT_EXEMPT="10.0.0.1  127.0.0.1\t10.0.0.2")

    assert statuses(wave(edge, "/auth/login/", 10)) == {200: 10}


def test_an_address_that_only_begins_like_an_exempt_one_is_limited(start: Start) -> None:
    edge = start(RATE_LIMIT_EXEMPT="127.0.0.11 127.0.0")

    assert statuses(wave(edge, "/auth/login/", 10)) == {200: 4, 429: 6}


def test_health_is_never_limited(start: Start) -> None:
    assert statuses(wave(start(), "/health/live/", 40)) == {200: 40}
