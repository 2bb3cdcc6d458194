"""Conditional requests (RFC 9110): who has the current state already gets 304 and no body."""

import hashlib
import re

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

JSON = "application/json"
TAG = re.compile(r'(?:^|,)[ \t]*(?:W/)?("[^"]*")[ \t]*(?=,|$)')


def has(request: Request, *tags: str) -> bool:
    """Say whether If-None-Match names one of these, weak or not: compression on the way makes strong tags weak."""
    given = request.META.get("HTTP_IF_NONE_MATCH", "").strip()
    if given in tags:  # as most clients send it, who got it so
        return True
    named = named_in(given)
    return any(tag.removeprefix("W/") in named for tag in tags)


def named_in(tags: str) -> set[str]:
    """Return the tags of a list, as If-Match and If-None-Match have it, the weak ones as strong ones."""
    return {*TAG.findall(tags)}


def not_modified(tag: str) -> HttpResponse:
    """Answer 304, which says nothing of a content that it does not have."""
    answer = HttpResponse(status=304, headers={"ETag": tag})
    del answer.headers["Content-Type"]
    return answer


def bytes_or_304(request: Request, body: bytes, tag: str) -> HttpResponse:
    """Answer JSON of this state, or 304 to who has it."""
    if has(request, tag, "*"):
        return not_modified(tag)
    return HttpResponse(body, JSON, headers={"ETag": tag})


def by_content(request: Request, shown: object) -> HttpResponse:
    """Answer what no number counts the changes of: its state is told by its content."""
    body = msgspec.json.encode(shown)
    return bytes_or_304(request, body, f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"')
