"""The one assertion about errors."""

from typing import Any

import requests

MEMBERS = {"type", "title", "status", "detail", "code", "errors", "request_id"}


def assert_problem(answer: requests.Response, status: int, code: str, *pointers: str) -> Any:
    """Check the whole shape of an error, and that it points at exactly these members; return its body."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert body["code"] == code, body
    assert body["type"] == f"urn:doable:problem:{code}"
    assert body["status"] == status
    assert sorted(error["pointer"] for error in body["errors"]) == sorted(pointers), body["errors"]
    assert len(body["request_id"]) == 32
    return body
