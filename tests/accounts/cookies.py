"""The cookies of an answer, with all their attributes."""

from http.cookies import SimpleCookie

import requests

Attributes = dict[str, str | bool]


def cookie_attributes(answer: requests.Response, name: str) -> Attributes:
    """Return the attributes of a cookie that the answer sets; its end in time only as Max-Age."""
    cookies = SimpleCookie("\r\n".join(answer.raw.headers.getlist("Set-Cookie")))
    return {key: value for key, value in cookies[name].items() if value and key != "expires"}


def names_of_cookies(answer: requests.Response) -> set[str]:
    return {line.partition("=")[0] for line in answer.raw.headers.getlist("Set-Cookie")}


def cookie_value(answer: requests.Response, name: str) -> str:
    return SimpleCookie("\r\n".join(answer.raw.headers.getlist("Set-Cookie")))[name].value
