"""The description of the API is valid, complete, and what the service really does."""

import json
import re
from typing import Any

import jsonschema
import pytest
import requests
import schemathesis
import yaml
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app.common.schema import descendants
from app.common.serializers import Serializer
from tests.cast import URL, Person
from tests.drill import size
from tests.routes import CALLS, ROUTES, Route, belongings, call

UNDESCRIBED = {"/api/schema/", "/api/docs/", "/api/redoc/", "/health/live/", "/health/ready/", "/metrics"}
DESCRIBED = [route for route in ROUTES if route.path not in UNDESCRIBED]
REF = "#/components/schemas/"
REFERENCE = re.compile(r'"\$ref": "#/([^"]+)"')
HEADER = "#/components/parameters/"


@pytest.fixture(scope="module")
def schema() -> Any:
    return yaml.safe_load(requests.get(f"{URL}/api/schema/", timeout=20).text)


def operation(schema: Any, route: Route) -> Any:
    return schema["paths"][route.path][route.method.lower()]


def test_it_is_valid_openapi(schema: Any) -> None:
    validate_schema(schema)  # type: ignore[no-untyped-call]  # drf-spectacular has few types


def test_it_describes_every_route_and_no_other(schema: Any) -> None:
    found = {Route(method.upper(), path) for path, item in schema["paths"].items() for method in item}

    assert found == set(DESCRIBED)


@pytest.mark.parametrize("route", DESCRIBED, ids=str)
def test_an_operation_says_what_it_does_and_what_can_go_wrong(schema: Any, route: Route) -> None:
    described = operation(schema, route)

    assert described["summary"]
    assert described["operationId"]
    errors = [answer for status, answer in described["responses"].items() if status >= "4"]
    assert errors
    assert all(answer["content"].keys() == {"application/problem+json"} for answer in errors)


def test_api_tokens_are_offered_where_they_work(schema: Any) -> None:
    offered = {route for route in DESCRIBED if {"token": []} in operation(schema, route)["security"]}

    assert offered == {route for route in DESCRIBED if route.is_api}


@pytest.mark.parametrize("route", DESCRIBED, ids=str)
def test_unsafe_calls_of_a_browser_need_the_csrf_token(schema: Any, route: Route) -> None:
    by_browser = [needed for needed in operation(schema, route)["security"] if "token" not in needed]

    assert all(("csrf" in needed) is not route.is_reading for needed in by_browser)
    assert by_browser or route.is_reading


@pytest.mark.parametrize("route", [route for route in DESCRIBED if route.is_api], ids=str)
def test_the_headers_that_are_heeded_and_sent_are_those_described(alice: Person, schema: Any, route: Route) -> None:
    stale = call(alice, route, belongings(alice), headers={"If-Match": '"99"'})
    described, ids = operation(schema, route), belongings(alice)
    heeded = {parameter["$ref"] for parameter in described.get("parameters", []) if "$ref" in parameter}

    last = call(alice, route, ids, headers={"Idempotency-Key": "first"})
    if not route.is_reading:
        last = call(alice, route, ids, headers={"Idempotency-Key": "first"})
    known = call(alice, route, ids, headers={"If-None-Match": last.headers.get("ETag", "*")})

    sent = described["responses"][str(last.status_code)].get("headers", {})
    assert last.headers.keys() & {"ETag", "Idempotency-Replayed"} == sent.keys()
    assert ("Idempotency-Replayed" in last.headers) == (HEADER + "IdempotencyKey" in heeded)
    assert (stale.status_code == 412 and not route.is_reading) == (HEADER + "IfMatch" in heeded)
    assert (known.status_code == 304) == (HEADER + "IfNoneMatch" in heeded) == ("304" in described["responses"])


@pytest.mark.parametrize("route", [route for route in DESCRIBED if route.method == "POST"], ids=str)
def test_a_call_that_only_creates_can_say_so(schema: Any, route: Route) -> None:
    described = operation(schema, route)
    refused = described["responses"].get("412", {}).get("description", "")

    is_heeded = {"$ref": HEADER + "IfNoneMatchAny"} in described.get("parameters", [])

    assert is_heeded == ("`precondition_failed`" in refused)


def test_answers_that_ask_for_patience_say_for_how_long(schema: Any) -> None:
    answers = [
        (status, answer) for route in DESCRIBED for status, answer in operation(schema, route)["responses"].items()
    ]

    assert all("Retry-After" in answer["headers"] for status, answer in answers if status in ("429", "503"))


def test_a_collision_is_described_with_both_sides(schema: Any) -> None:
    answer = operation(schema, Route("PATCH", "/api/todos/{todo_id}/"))["responses"]["412"]
    described = schema["components"]["schemas"]["StaleVersionOut"]

    assert answer["content"]["application/problem+json"]["schema"] == {"$ref": REF + "StaleVersionOut"}
    assert {"theirs", "yours", "fields", "code", "errors"} <= set(described["required"])


def test_points_in_time_and_lengths_of_texts_are_described(schema: Any) -> None:
    schemas = schema["components"]["schemas"]
    times = {
        name: part.get("format")
        for described in schemas.values()
        for name, kind in described.get("properties", {}).items()
        for part in kind.get("anyOf", [kind])
        if name.endswith("_at") and part.get("type") == "string"
    }

    assert set(times.values()) == {"date-time"}, times
    title = schemas["TodoCreate"]["properties"]["title"]
    assert (title["minLength"], title["maxLength"]) == (1, 500)


@pytest.mark.parametrize("route", [route for route in CALLS if CALLS[route].payload], ids=str)
def test_a_body_is_described_by_the_struct_that_reads_it(schema: Any, route: Route) -> None:
    content = operation(schema, route)["requestBody"]["content"]
    payload = CALLS[route].payload

    assert payload
    assert content == {"application/json": {"schema": {"$ref": REF + payload.__name__}}}
    assert operation(schema, route)["requestBody"]["required"] is True


@pytest.mark.parametrize("route", DESCRIBED, ids=str)
def test_every_answer_in_json_has_a_schema_with_a_name(schema: Any, route: Route) -> None:
    answers = operation(schema, route)["responses"].values()
    bodies = [body for one in answers for kind, body in one.get("content", {}).items() if kind.endswith("json")]

    assert all(body["schema"]["$ref"].startswith(REF) for body in bodies)


@pytest.mark.parametrize("route", [route for route in CALLS if CALLS[route].content], ids=str)
def test_a_body_that_is_no_json_is_described_as_bytes(schema: Any, route: Route) -> None:
    described = operation(schema, route)

    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    assert described["requestBody"]["content"] == content
    assert described["responses"]["400"]["description"].count("malformed_json") == 0


def test_every_reference_leads_somewhere(schema: Any) -> None:
    for reference in set(REFERENCE.findall(json.dumps(schema))):
        place = schema
        for step in reference.split("/"):
            place = place[step]


def test_no_two_payloads_share_a_name() -> None:
    names = [payload.__name__ for payload in descendants(Serializer)]

    assert sorted(names) == sorted(set(names))


def test_every_example_fits_its_schema(schema: Any) -> None:
    for component in schema["components"]["schemas"].values():
        for example in component.get("examples", []):
            jsonschema.validate(example, component | {"components": schema["components"]})


def test_every_example_of_a_problem_fits_its_schema(schema: Any) -> None:
    kinds = {
        (str(example["value"]["code"]), kind["schema"]["$ref"]): example["value"]
        for route in DESCRIBED
        for answer in operation(schema, route)["responses"].values()
        for kind in answer.get("content", {}).values()
        for example in kind.get("examples", {}).values()
    }

    for (_, shape), example in kinds.items():
        jsonschema.validate(example, {"$ref": shape, "components": schema["components"]})


# --- /auth/ against its description --------------------------------------------------------------

# tests/fuzzing has /api/, with all checks. Of these calls many end what the next one would need, so each stands alone,
# and what follows from another (a resource that is there, or no longer) can't be asked; nor, as a session is more than
# one header, what happens without it, which tests/test_access_matrix.py knows.
CHECKS = [
    checks.allow_header_conformance,
    checks.content_type_conformance,
    checks.negative_data_rejection,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
    not_a_server_error,
]
OF_ACCOUNTS = [route for route in DESCRIBED if not route.is_api]


@pytest.fixture(scope="module")
def described() -> Any:
    config = schemathesis.Config()
    config.projects.default.generation.update(with_security_parameters=False)  # alice's own cookie goes with each call
    return schemathesis.openapi.from_url(f"{URL}/api/schema/", config=config)


def check_cases(person: Person, cases: SearchStrategy[Any], count: int) -> None:
    """Send generated requests in a person's name, the same ones in each run, and compare the answers."""

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=cases)
    def check(case: Any) -> None:
        with requests.Session() as browser:
            browser.cookies.update(person.cookies)
            answer = case.call(session=browser, headers=dict(person.headers), timeout=20)
        case.validate_response(answer, checks=CHECKS)

    check()


@pytest.mark.drill
@pytest.mark.parametrize("route", OF_ACCOUNTS, ids=str)
def test_good_requests_are_answered_as_described(alice: Person, described: Any, route: Route) -> None:
    ids = {name: value for name, value in belongings(alice).items() if name in route.path}

    check_cases(alice, described[route.path][route.method].as_strategy(path_parameters=ids or None), size(6, 120))


@pytest.mark.drill
@pytest.mark.parametrize("route", [route for route in OF_ACCOUNTS if route in CALLS and CALLS[route].payload], ids=str)
def test_bad_requests_are_answered_as_described(alice: Person, described: Any, route: Route) -> None:
    cases = described[route.path][route.method].as_strategy(schemathesis.GenerationMode.NEGATIVE)

    check_cases(alice, cases, size(6, 180))
