"""Whatever is sent: a precise refusal, nothing stored, never a fault of ours."""

import json
from typing import Any

import pytest
import requests

from app.common.serializers import moments
from app.lists.serializers import ListFilter
from app.todos.serializers import TodoFilter
from tests.cast import Person
from tests.payloads import FIELDS, Field, wrong_values
from tests.problems import assert_problem
from tests.routes import CALLS, NOWHERE, Route, call, good_body
from tests.rows import revision_of

WITH_BODY = [route for route, call in CALLS.items() if call.payload]
MIB = 2**20

SOMEBODY = NOWHERE | {"email": "somebody@example.org"}
UNREADABLE = {
    "empty": b"",
    "blank": b" \n",
    "cut off": b'{"title": "Buy',
    "two values": b"{}{}",
    "a comment": b"{} // done",
    "single quotes": b"{'title': 1}",
    "a trailing comma": b'{"title": "x",}',
    "invalid UTF-8": b'{"title": "\xff\xfe"}',
    "overlong UTF-8": b'{"title": "\xc0\x80"}',
    "a raw surrogate": b'{"title": "\xed\xa0\x80"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a raw control character": b'{"title": "a\x01b"}',
    "the same key twice": b'{"title": "x", "title": "x"}',
    "the same key twice, once escaped": b'{"title": "x", "\\u0074itle": "y"}',
    "the same key twice, deep inside": b'{"x": [{"a": 1, "a": 2}]}',
    "a key with NUL": b'{"ti\\u0000tle": 1}',
    "a key with half a surrogate pair": b'{"\\udfff": 1}',
    "33 levels": b'{"x":' + b"[" * 32 + b"]" * 32 + b"}",
    "33 levels of objects": b'{"x":' * 33 + b"1" + b"}" * 33,
    "1,000 levels": b"[" * 1000 + b"]" * 1000,
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 levels, unclosed": b'{"x":' * 100_000,
}
NO_OBJECTS = [b"[]", b'["title"]', b'"title"', b"null", b"true", b"5", b"1e400"]
NO_NUMBERS = ["NaN", "Infinity", "-Infinity", "9" * 5000, "0x10", "01", "+1", ".5", "1."]


def send(person: Person, route: Route, body: bytes, content_type: str | None = "application/json") -> requests.Response:
    path = route.path.format(**NOWHERE)
    return person.request(route.method, path, data=body, headers={"Content-Type": content_type})


def with_raw(field: Field, text: str) -> bytes:
    """Return the good body of the field's route with any text in the place of the field's value."""
    good = good_body(field.route, SOMEBODY) or {}
    return json.dumps(good | {field.name: "@here@"}).replace('"@here@"', text).encode()


# --- what is wrong with one field ----------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_a_value_of_the_wrong_kind_is_refused_and_named(mallory: Person, field: Field) -> None:
    for value in wrong_values(field):
        body = (good_body(field.route, SOMEBODY) or {}) | {field.name: value}
        assert_problem(call(mallory, field.route, SOMEBODY, body), 422, "invalid", f"/{field.name}")
    assert revision_of(mallory) == 0


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_a_number_beyond_all_numbers_is_refused(mallory: Person, field: Field) -> None:
    assert_problem(send(mallory, field.route, with_raw(field, "1e400")), 422, "invalid", f"/{field.name}")
    for text in NO_NUMBERS:
        assert_problem(send(mallory, field.route, with_raw(field, text)), 400, "malformed_json")


@pytest.mark.parametrize("field", FIELDS, ids=str)
@pytest.mark.parametrize("text", ["\x00", "Buy\x00milk", "\ud800", "\udfff milk", "\udc00\ud800"], ids=ascii)
def test_text_that_no_database_can_hold_is_refused(mallory: Person, field: Field, text: str) -> None:
    assert_problem(send(mallory, field.route, with_raw(field, json.dumps(text))), 400, "malformed_json")
    assert revision_of(mallory) == 0


# --- what is wrong with the whole body -----------------------------------------------------------


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_can_not_be_read_is_refused(mallory: Person, route: Route, body: bytes) -> None:
    assert_problem(send(mallory, route, body), 400, "malformed_json")
    assert revision_of(mallory) == 0


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("body", NO_OBJECTS, ids=ascii)
def test_a_body_that_is_no_object_is_refused(mallory: Person, route: Route, body: bytes) -> None:
    assert_problem(send(mallory, route, body), 422, "invalid", "")


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("name", ["colour", "Title", "", "a/b~c", "__proto__", "🐈"])
def test_a_member_that_does_not_exist_is_refused_and_named(mallory: Person, route: Route, name: str) -> None:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")

    answer = call(mallory, route, SOMEBODY, (good_body(route, SOMEBODY) or {}) | {name: "x"})

    assert_problem(answer, 422, "invalid", pointer)


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_thirty_two_levels_can_be_read(mallory: Person, route: Route) -> None:
    body = json.dumps((good_body(route, SOMEBODY) or {}) | {"deep": "@"}).replace('"@"', "[" * 31 + "]" * 31)

    assert_problem(send(mallory, route, body.encode()), 422, "invalid", "/deep")


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("size", [MIB + 1, 2 * MIB])
def test_a_body_of_more_than_one_mebibyte_is_refused(mallory: Person, route: Route, size: int) -> None:
    assert_problem(send(mallory, route, b"{}".rjust(size)), 413, "body_too_large")


def test_a_body_of_exactly_one_mebibyte_is_read(alice: Person) -> None:
    answer = send(alice, Route("POST", "/api/lists/"), b'{"name": "Errands"}'.rjust(MIB))

    assert answer.status_code == 201


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/json5",
        "application/merge-patch+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json; charset=nope",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ],
)
def test_a_body_of_another_type_is_refused(mallory: Person, route: Route, content_type: str | None) -> None:
    body = json.dumps(good_body(route, SOMEBODY)).encode()

    assert_problem(send(mallory, route, body, content_type), 415, "unsupported_media_type")
    assert revision_of(mallory) == 0


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;x=y"]
)
def test_json_may_be_called_by_all_its_names(alice: Person, content_type: str) -> None:
    answer = send(alice, Route("POST", "/api/lists/"), b'{"name": "Errands"}', content_type)

    assert answer.status_code == 201


def test_an_answer_names_fifty_wrong_members_at_most(mallory: Person) -> None:
    answer = mallory.post("/api/lists/", json={str(number): number for number in range(1000)})

    assert len(answer.json()["errors"]) == 50
    assert answer.json()["detail"] == "1001 values are not allowed."


# --- what is wrong with the address --------------------------------------------------------------


@pytest.mark.parametrize(("collection", "filters"), [("/api/lists/", ListFilter), ("/api/todos/", TodoFilter)])
def test_every_query_parameter_is_taken_once_and_without_nul(mallory: Person, collection: str, filters: Any) -> None:
    for name in filters.__struct_fields__:
        assert_problem(mallory.get(f"{collection}?{name}=1&{name}=1"), 422, "invalid", f"/{name}")
        assert_problem(mallory.get(f"{collection}?{name}=%00"), 422, "invalid", f"/{name}")


@pytest.mark.parametrize("number", ["0", "1e5", "-5", "1.5e-3", "1795694573"])
def test_a_number_is_no_time(mallory: Person, number: str) -> None:
    for name in moments(TodoFilter):
        assert_problem(mallory.get("/api/todos/", params={name: number}), 422, "invalid", f"/{name}")


@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/"])
@pytest.mark.parametrize("name", ["offset", "page", "LIMIT", "ordering", "format", "limit[]"])
def test_a_query_parameter_that_does_not_exist_is_refused(mallory: Person, collection: str, name: str) -> None:
    assert_problem(mallory.get(collection, params={name: "1"}), 422, "invalid", f"/{name}")


@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/"])
def test_a_page_has_two_hundred_results_at_most(mallory: Person, collection: str) -> None:
    assert mallory.get(collection, params={"limit": 200}).ok
    assert_problem(mallory.get(collection, params={"limit": 201}), 422, "invalid", "/limit")


@pytest.mark.parametrize("path", ["/api/lists/", "/api/todos/", "/api/docs/", "/api/redoc/"])
def test_a_thousand_and_one_query_parameters_are_too_many(mallory: Person, path: str) -> None:
    assert_problem(mallory.get(f"{path}?{'a&' * 1001}"), 400, "bad_request")


@pytest.mark.parametrize("route", [route for route in CALLS if "{" in route.path], ids=str)
@pytest.mark.parametrize("made_up", ["1", "null", "019AAC40", "019aac40-12c4-7b31-8e0f-6d5c4b3a291g", "a" * 3000])
def test_an_id_that_is_no_uuid_is_not_found(mallory: Person, route: Route, made_up: str) -> None:
    ids = dict.fromkeys(SOMEBODY, made_up)

    assert_problem(call(mallory, route, ids), 404, "not_found")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("priority=highest", "It is one of: none, low, medium, high, urgent."),
        ("order=newest", "It is one of: created, -created,"),
        ("created_after=yesterday", "Not a time of RFC 3339, such as 2026-12-24T18:30:00Z."),
        ("due_date=tomorrow", "Not a day, such as 2026-12-24."),
    ],
)
def test_a_refusal_says_what_would_be_right(mallory: Person, query: str, told: str) -> None:
    refused = assert_problem(mallory.get(f"/api/todos/?{query}"), 422, "invalid", f"/{query.partition('=')[0]}")

    assert told in refused["detail"]
