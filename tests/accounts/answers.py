"""What two answers have in common."""

import requests

CHANGING_HEADERS = {"date", "x-request-id", "set-cookie"}


def visible_parts(answer: requests.Response) -> tuple[int, str, dict[str, str]]:
    """Return all of an answer by which a client could tell it from another: all but its time and request id."""
    body = answer.text.replace(answer.json().get("request_id", ""), "")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return answer.status_code, body, {name: headers[name] for name in headers.keys() - CHANGING_HEADERS}
