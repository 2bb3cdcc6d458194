"""The headers in the API's description: each said once, and found where the code of a view names what handles it."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from app.common.conditional import by_content
from app.common.versions import IfMatch, answer, create_only

Method = Callable[..., Any]


class Header(NamedTuple):
    """A header of requests or of answers; ``is_certain`` where no answer lacks it."""

    name: str
    description: str
    schema: dict[str, Any]
    is_certain: bool = False
    more: str = ""  # tells apart what has the same name

    @property
    def component(self) -> str:
        return self.name.replace("-", "") + self.more

    def of_a_request(self) -> dict[str, Any]:
        return {"in": "header", "name": self.name, "description": self.description, "schema": self.schema}

    def of_an_answer(self) -> dict[str, Any]:
        return {"description": self.description, "required": self.is_certain, "schema": self.schema}


IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "With it the same call may be sent again: for 24 hours it happens once, and is answered like the first time.",
    {"type": "string", "pattern": r'^([!#-\[\]-~]{1,200}|"[!#-\[\]-~]{1,200}")$', "examples": ["7d1c9a40-shopping"]},
)
IF_MATCH = Header(
    "If-Match",
    "The `ETag` of the only state that may be changed; in any other the answer is 412.",
    {"type": "string", "examples": ['"3-660d9503db271"']},
)
IF_NONE_MATCH = Header(
    "If-None-Match",
    "The `ETag` of the state that is known already; as long as it lasts the answer is 304.",
    {"type": "string", "examples": ['"3-660d9503db271"']},
)
CREATE_ONLY = Header(
    "If-None-Match",
    "With `*` an `id` that is taken is a failed precondition (412), not a conflict (409).",
    {"type": "string", "examples": ["*"]},
    more="Any",
)
ETAG = Header(
    "ETag", "The state that is shown.", {"type": "string", "examples": ['"3-660d9503db271"']}, is_certain=True
)
IDEMPOTENCY_REPLAYED = Header(
    "Idempotency-Replayed", "There where an earlier call got this answer.", {"type": "string", "enum": ["true"]}
)
RETRY_AFTER = Header("Retry-After", "After how many seconds to try again.", {"type": "integer", "minimum": 1})


def heeded(method: Method, verb: str) -> list[Header]:
    """Return the headers of a request that a method of a view heeds."""
    return [
        *([IDEMPOTENCY_KEY] if is_repeatable(method) else []),
        *([IF_MATCH] if names(method, IfMatch) else []),
        *([IF_NONE_MATCH] if verb == "GET" and has_tag(method) else []),
        *([CREATE_ONLY] if names(method, create_only) else []),
    ]


def sent(method: Method) -> list[Header]:
    """Return the headers of its answers, where all went well."""
    return [
        *([ETAG] if has_tag(method) else []),
        *([IDEMPOTENCY_REPLAYED] if is_repeatable(method) else []),
    ]


def is_repeatable(method: Method) -> bool:
    return getattr(method, "is_repeatable", False)


def has_tag(method: Method) -> bool:
    """Say whether a method answers with an ETag: by `answer` of rows and collections, by the content, or by itself."""
    by_function = names(method, answer) or names(method, by_content)
    return by_function or "ETag" in inspect.unwrap(method).__code__.co_consts


def names(method: Method, what: Callable[..., Any]) -> bool:
    """Say whether the code of a method names a function or class."""
    return what.__name__ in inspect.unwrap(method).__code__.co_names
