"""The one way in: strict JSON."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from app.common.errors import Code, Problem

MAX_DEPTH = 32


class StrictJSONParser(BaseParser):
    """Read at most 1 MiB of UTF-8 JSON without duplicate keys, NUL, lone surrogates or deep nesting.

    Raises Problem: 413 when longer, 400 when it can't be read; DRF answers 415 to another type.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> Any:
        refuse_other_charsets(media_type or "")
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)  # counted here, because a Content-Length is only a claim
        if len(body) > limit:
            raise Problem(Code.BODY_TOO_LARGE, f"The body is larger than {limit // 1024**2} MiB.")
        return load(body)


def refuse_other_charsets(content_type: str) -> None:
    _, parameters = parse_header_parameters(content_type)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(content_type)


def load(body: bytes) -> Any:
    """Return the JSON value of a body; raise Problem (400) that says where it can't be read."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=unique_members, parse_constant=refuse_constant)
    except UnicodeDecodeError as fault:
        raise malformed(f"Byte {fault.start} is not UTF-8.") from fault
    except json.JSONDecodeError as fault:
        raise malformed(f"{fault.msg} at line {fault.lineno}, column {fault.colno}.") from fault
    except RecursionError as fault:
        raise malformed(f"It is nested deeper than {MAX_DEPTH}.") from fault
    except ValueError as fault:  # Python refuses integers of more than 4,300 digits
        raise malformed("A number is too long.") from fault
    check(value, depth=1)
    return value


def malformed(detail: str) -> Problem:
    return Problem(Code.MALFORMED_JSON, detail)


def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise malformed("An object has the same key twice.")
    return members


def refuse_constant(name: str) -> NoReturn:
    raise malformed(f"{name} is not JSON.")


def check(value: Any, depth: int) -> None:
    """Raise Problem (400) for nesting beyond MAX_DEPTH and for text that PostgreSQL can't store."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            raise malformed(f"It is nested deeper than {MAX_DEPTH}.")
        for member in value:
            check(member, depth + 1)
            if isinstance(value, dict):
                check(value[member], depth + 1)


def check_text(text: str) -> None:
    if "\x00" in text:
        raise malformed("A text holds the character NUL.")
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise malformed("A text holds half of a surrogate pair.") from fault
