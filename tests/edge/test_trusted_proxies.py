"""Whose word about a client counts: that of the proxies named in TRUSTED_PROXIES, and nobody else's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local.binaries import Binary
from local.fault import Fault
from tests.edge import gateway
from tests.edge.conftest import Start
from tests.edge.gateway import Answer, Gateway

PROXY, OUTER_PROXY, STRANGER, CLIENT = "127.0.0.9", "127.0.9.1", "127.0.0.2", "198.51.100.7"
TRUSTED = f"{PROXY} 127.0.9.0/24 2001:db8::/32"

FORGED = [
    {"X-Forwarded-For": "6.6.6.6"},
    {"X-Forwarded-For": "6.6.6.6, 7.7.7.7"},
    {"X-Forwarded-For": f"6.6.6.6, {PROXY}"},
    {"X-Forwarded-For": PROXY},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "::1"},
    {"X-Forwarded-For": "[2001:db8::1]:80"},
    {"X-Forwarded-For": "unknown"},
    {"X-Forwarded-For": "6.6.6.6\t,"},
    {"x-forwarded-for": "6.6.6.6"},
    {"X_Forwarded_For": "6.6.6.6"},
    {"X-Real-IP": "6.6.6.6"},
    {"X_Real_IP": "6.6.6.6"},
    {"Forwarded": "for=6.6.6.6;proto=https;host=evil.example"},
    {"Forwarded": 'for="[2001:db8::1]"'},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Port": "443"},
    {"X-Forwarded-Server": "evil.example"},
    {"X-Client-IP": "6.6.6.6", "True-Client-IP": "6.6.6.6", "CF-Connecting-IP": "6.6.6.6"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Scheme": "https", "X-Forwarded-Ssl": "on", "Front-End-Https": "on"},
]
NAMES_THE_APPLICATION_READS = {"X-Real-IP", "X-Forwarded-For", "X-Forwarded-Proto", "Host"}


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory, nginx: Binary, app_port: int) -> Iterator[Gateway]:
    """Return nginx as a stranger sees it."""
    folder = tmp_path_factory.mktemp("proxied")
    with gateway.running(folder, nginx, app_port, TRUSTED_PROXIES=TRUSTED) as edge:
        yield replace(edge, source=STRANGER)


@pytest.fixture
def proxy(edge: Gateway) -> Gateway:
    """Return it as the trusted proxy does."""
    return replace(edge, source=PROXY)


def learned(answer: Answer) -> dict[str, str]:
    """Return what the application was told about who asks."""
    return {name: value for name, value in answer.json["headers"] if name in NAMES_THE_APPLICATION_READS}


def expected(edge: Gateway, client: str, scheme: str = "http") -> dict[str, str]:
    host = f"127.0.0.1:{edge.port}"
    return {"X-Real-IP": client, "X-Forwarded-For": client, "X-Forwarded-Proto": scheme, "Host": host}


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_what_a_stranger_writes_has_no_effect(edge: Gateway, forged: dict[str, str]) -> None:
    assert learned(edge.ask("/health/live/", "GET", b"", **forged)) == expected(edge, STRANGER)


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_what_a_client_writes_behind_a_trusted_proxy_has_no_effect(proxy: Gateway, forged: dict[str, str]) -> None:
    """The proxy appends the address it sees, and says which protocol it was asked by."""
    given = forged.get("X-Forwarded-For") or forged.get("x-forwarded-for")
    by_the_proxy = {"X-Forwarded-For": f"{given}, {CLIENT}" if given else CLIENT, "X-Forwarded-Proto": "http"}
    passed_on = {name: value for name, value in forged.items() if name.lower() != "x-forwarded-for"}

    answer = proxy.ask("/health/live/", "GET", b"", **passed_on | by_the_proxy)

    assert learned(answer) == expected(proxy, CLIENT)


def test_the_log_has_the_address_that_counts(start: Start) -> None:
    edge = start(TRUSTED_PROXIES=TRUSTED)

    for source in (PROXY, STRANGER):
        replace(edge, source=source).ask("/", X_Forwarded_For=f"6.6.6.6, {CLIENT}")

    assert [line["client"] for line in sorted(edge.log(2), key=lambda line: line["client"])] == [STRANGER, CLIENT]


def test_of_a_chain_of_trusted_proxies_the_first_stranger_is_the_client(proxy: Gateway) -> None:
    answer = proxy.ask("/health/live/", X_Forwarded_For=f"6.6.6.6, {CLIENT}, {OUTER_PROXY}, 2001:db8::5")

    assert learned(answer)["X-Real-IP"] == CLIENT


def test_nobody_is_trusted_unless_named(start: Start) -> None:
    edge = start()

    answer = edge.ask("/api/", X_Forwarded_For=CLIENT, X_Forwarded_Proto="https")

    assert learned(answer) == expected(edge, "127.0.0.1")


@pytest.mark.parametrize(("said", "scheme"), [("https", "https"), ("http", "http"), ("ftp", "http"), ("", "http")])
def test_the_protocol_is_the_one_that_the_trusted_proxy_was_asked_by(proxy: Gateway, said: str, scheme: str) -> None:
    assert learned(proxy.ask("/health/live/", X_Forwarded_Proto=said))["X-Forwarded-Proto"] == scheme


def test_each_client_behind_a_trusted_proxy_has_limits_of_its_own(start: Start) -> None:
    edge = replace(start(TRUSTED_PROXIES=TRUSTED), source=PROXY)

    found = [edge.ask("/auth/login/", X_Forwarded_For=f"198.51.100.{n // 5}").status for n in range(10)]

    assert found == ([200] * 4 + [429]) * 2


def test_an_operator_behind_a_trusted_proxy_is_let_in_and_its_other_clients_are_not(start: Start) -> None:
    edge = replace(start(TRUSTED_PROXIES=TRUSTED, OPERATOR_ADDRESSES=CLIENT), source=PROXY)

    assert edge.ask("/admin/", X_Forwarded_For=CLIENT).status == 200
    assert edge.ask("/admin/", X_Forwarded_For="198.51.100.8").status == 403
    assert edge.ask("/admin/").status == 403


def test_tls_may_end_at_a_trusted_proxy(tls_start: Start) -> None:
    plain = tls_start(TRUSTED_PROXIES=TRUSTED).plain
    assert plain
    proxy, stranger = replace(plain, source=PROXY), replace(plain, source=STRANGER)

    answer = proxy.ask("/api/", X_Forwarded_For=CLIENT, X_Forwarded_Proto="https")

    assert learned(answer) == expected(plain, CLIENT, "https")
    assert answer.only("Strict-Transport-Security").startswith("max-age=")
    assert proxy.ask("/api/", X_Forwarded_For=CLIENT, X_Forwarded_Proto="http").status == 308
    assert stranger.ask("/api/", X_Forwarded_Proto="https").status == 308


@pytest.mark.parametrize("proxies", ["0.0.0.0/0", "::/0", "proxy.example", "10.0.0.1;", "10.0.0.1,10.0.0.2", "*"])
def test_nginx_does_not_start_with_what_names_no_machines(start: Start, proxies: str) -> None:
    with pytest.raises(Fault, match=r"TRUSTED_PROXIES has .* no address and no network of known machines"):
        start(TRUSTED_PROXIES=proxies)


def test_nobody_becomes_the_machine_itself_through_a_proxy(edge: Gateway, proxy: Gateway) -> None:
    itself = replace(edge, source="127.0.0.1")

    answers = [client.ask("/health/ready/", "GET", b"", X_Forwarded_For="127.0.0.1") for client in (itself, proxy)]

    assert [answer.status for answer in answers] == [200, 403]
