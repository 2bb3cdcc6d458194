"""What the application learns about who asks, and what the log keeps."""

from tests.edge.conftest import Start
from tests.edge.gateway import Gateway

FORGED = {
    "X_Forwarded_For": "6.6.6.6",
    "X_Real_IP": "6.6.6.6",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Port": "1",
    "X_Forwarded_Server": "evil.example",
    "Forwarded": "for=6.6.6.6",
    "X_Request_ID": "mine",
    "Proxy": "http://evil.example",
}


def test_nothing_that_a_client_claims_about_itself_gets_through(edge: Gateway) -> None:
    answer = edge.ask("/api/todos/", "GET", b"", **FORGED)

    assert dict(answer.json["headers"]) == {
        "Host": f"127.0.0.1:{edge.port}",
        "X-Real-IP": "127.0.0.1",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Request-ID": answer.only("X-Request-ID"),
        "Accept-Encoding": "identity",
    }


def test_names_with_an_underscore_are_dropped(edge: Gateway) -> None:
    answer = edge.send(b"GET /api/ HTTP/1.1\r\nHost: a\r\nX_Real_IP: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n\r\n")

    assert b"6.6.6.6" not in answer.body


def test_every_request_has_an_id_of_its_own(edge: Gateway) -> None:
    assert edge.ask("/").only("X-Request-ID") != edge.ask("/").only("X-Request-ID")


def test_the_path_arrives_as_it_was_sent(edge: Gateway) -> None:
    assert edge.ask("/api/%C3%A4//x?b=%2F").json["path"] == "/api/%C3%A4//x?b=%2F"


def test_only_operators_see_whether_the_service_is_ready(edge: Gateway, start: Start) -> None:
    stranger = start(OPERATOR_ADDRESSES="10.0.0.1 127.0.0.11")

    assert edge.ask("/health/ready/").status == 200
    assert {stranger.ask(path).status for path in ("/health/ready/", "//health/%72eady/")} == {403}
    assert stranger.ask("/health/live/").status == 200


def test_the_log_has_the_path_without_the_query(start: Start) -> None:
    edge = start()

    answer = edge.ask("/?token=hidden", "POST")

    (line,) = edge.log(1)
    assert line["request_id"] == answer.only("X-Request-ID")
    assert (line["method"], line["path"], line["status"], line["client"]) == ("POST", "/", 405, "127.0.0.1")
    assert "hidden" not in str(line)


def test_no_message_of_nginx_has_the_query(start: Start, unused_port: int) -> None:
    edge = start(unused_port)

    answers = [edge.ask("/auth/login/?token=hidden") for _ in range(5)]
    answers.append(edge.send(b"POST /api/?token=hidden HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n"))

    assert [answer.status for answer in answers] == [502] * 4 + [429, 413]
    edge.log(6)
    assert b"hidden" not in (edge.folder / "log").read_bytes()


def test_the_log_stays_json_whatever_is_asked(start: Start) -> None:
    edge = start()

    edge.send(b'GET /\xff\xfe"\\\x22 HTTP/1.1\r\nHost: a\r\n\r\n')
    edge.send(b"nonsense\r\n\r\n")

    assert {line["status"] for line in edge.log(2)} == {404, 400}  # two workers write in any order
