"""One struct per payload: it checks what comes in, encodes what goes out and describes itself in the schema."""

import re
import unicodedata
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import EnumType
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args, get_origin
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.http import QueryDict
from django.utils.encoding import punycode
from msgspec import Meta
from rest_framework.request import Request

from app.common.errors import Code, FieldError, Problem
from app.common.texts import Text, TextError

# The reasons msgspec gives, and the codes that clients branch on.
REASONS = [
    (re.compile(r"^Invalid enum value"), "invalid_choice"),
    (re.compile(r"length <="), "too_long"),
    (re.compile(r"length >="), "too_short"),
    (re.compile(r"(int|float)` <="), "too_large"),
    (re.compile(r"(int|float)` >="), "too_small"),
    (re.compile(r"matching regex|^Invalid|^Not an? "), "invalid_format"),
    (re.compile(r"^Expected|out of range"), "wrong_type"),
]

FORMATS = {
    "Invalid RFC3339 encoded date": "Not a day, such as 2026-12-24",
    "Invalid RFC3339 encoded time": "Not a time, such as 18:30:00",
    "Invalid RFC3339 encoded datetime": "Not a time of RFC 3339, such as 2026-12-24T18:30:00Z",
}
YEAR = re.compile(r"\d{4}-")
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MAX_EMAIL_LENGTH = 254  # what fits into the path of an SMTP command
MAX_TYPED_LENGTH = 4 * MAX_EMAIL_LENGTH  # other spellings are longer; NFKC takes the square of the length
MOST_ERRORS = 50
MOST_VALUES = 100
MOST_REMEMBERED = 500  # query strings, of 8 KiB at the most
T = TypeVar("T")
S = TypeVar("S", bound="Serializer")

Version = Annotated[int, Meta(ge=1, le=2**31 - 1, description="Counts the changes, from 1.", examples=[1])]
Instant = Annotated[datetime, Meta(tz=True)]


class ChosenUUID(UUID):
    """An id that a client has made: one of a version that nobody else makes by accident."""

    __slots__ = ()


ChosenId = Annotated[ChosenUUID, Meta(description="Of version 4 or 7; without it the server makes one.")]


class Several(tuple[T, ...]):
    """The values of a query parameter with commas between them, each once and in one order."""

    __slots__ = ()


class Email(str):
    """An e-mail address in the one spelling it is stored and looked up by."""

    __slots__ = ()


class Serializer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of every payload. A field of type ``T | UnsetType`` may be absent; ``None`` clears it.

    ``EXAMPLE`` is what the API's description shows.
    """

    EXAMPLE: ClassVar[dict[str, Any] | None] = None

    @classmethod
    def from_body(cls, request: Request) -> Self:
        """Return the checked body; raise Problem 400 (no body) or 422, which names every wrong member."""
        if request.stream is None:
            raise Problem(Code.MALFORMED_JSON, "The body is empty.")
        return cls.checked(request.data, strict=True)

    @classmethod
    def from_query(cls, request: Request) -> Self:
        """Return the checked query parameters; unknown and repeated ones are refused too (422).

        They may be those of another request that asked the same, and nobody changes them.
        """
        found: Self = asked(cls, request.META.get("QUERY_STRING", ""))
        return found

    @classmethod
    def from_parameters(cls, given: QueryDict) -> Self:
        """Return checked parameters; raise Problem (422)."""
        repeated = [name for name in given if len(given.getlist(name)) > 1]
        if repeated:
            raise invalid([FieldError(pointer(name), "repeated", "Given more than once.") for name in repeated])
        texts = {name: refuse_nul(name, str(given[name])) for name in given}
        spoiled = {name: "?" + texts[name] for name in moments(cls) & texts.keys() if not YEAR.match(texts[name])}
        return cls.checked(texts | spoiled, strict=False)

    @classmethod
    def checked(cls, given: Any, *, strict: bool) -> Self:
        try:
            return msgspec.convert(given, cls, strict=strict, dec_hook=decode)
        except msgspec.ValidationError as fault:
            raise invalid(faults(cls, given, strict=strict) or [field_error("", fault)]) from fault

    @classmethod
    def of(cls, row: object) -> Self:
        """Return the payload that shows a row's attributes of the same names."""
        return msgspec.convert(row, cls, from_attributes=True)

    def given(self) -> dict[str, Any]:
        """Return the members that were present."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not msgspec.UNSET}


@lru_cache(maxsize=MOST_REMEMBERED)
def asked(cls: type[S], query: str) -> S:
    """Return the checked parameters of a query string: who polls asks the same again and again."""
    return cls.from_parameters(QueryDict(query.encode("latin-1")))  # as WSGI has the bytes


class Alternatives:
    """Base of an answer that is one of several payloads, which ``OF`` names."""

    OF: ClassVar[tuple[type[Serializer], ...]] = ()


def invalid(errors: list[FieldError]) -> Problem:
    """Return the problem of these values; the first fifty are named, so that no answer outgrows its request."""
    detail = errors[0].detail if len(errors) == 1 else f"{len(errors)} values are not allowed."
    return Problem(Code.INVALID, detail, errors[:MOST_ERRORS])


def faults(cls: type[msgspec.Struct], given: Any, *, strict: bool) -> list[FieldError]:
    """Return all faults, one member at a time, because msgspec stops at the first."""
    if not isinstance(given, Mapping):
        return []
    fields = {field.encode_name: field for field in msgspec.structs.fields(cls)}
    unknown = [
        FieldError(pointer(name), "unknown_field", "There is no such field.") for name in given if name not in fields
    ]
    missing = [
        FieldError(pointer(name), "required", "This field is required.")
        for name, field in fields.items()
        if field.required and name not in given
    ]
    wrong = [fault(name, given[name], field.type, strict=strict) for name, field in fields.items() if name in given]
    return unknown + missing + [error for error in wrong if error]


def fault(name: str, value: Any, expected: Any, *, strict: bool) -> FieldError | None:
    try:
        msgspec.convert(value, expected, strict=strict, dec_hook=decode)
    except msgspec.ValidationError as reason:
        return field_error(pointer(name), reason, choices(expected))
    return None


def choices(expected: Any) -> list[str]:
    """Return the words that a type names, where it is one of a few."""
    if get_origin(expected) is Literal:
        return [*get_args(expected)]
    if isinstance(expected, EnumType):
        return [*expected.__members__.values()]
    return [choice for part in get_args(expected) for choice in choices(part)]


def field_error(at: str, fault: msgspec.ValidationError, words: Sequence[str] = ()) -> FieldError:
    reason, cause = str(fault), fault.__cause__
    if isinstance(cause, TextError):
        return FieldError(at, cause.code, f"{cause}.")
    code = next((code for pattern, code in REASONS if pattern.search(reason)), "invalid")
    detail = plain(reason.replace("`", "").partition(" - at $")[0]) + "."
    return FieldError(at, code, detail + (f" It is one of: {', '.join(words)}." if code == "invalid_choice" else ""))


def plain(reason: str) -> str:
    """Say a limit or a format in the words of people."""
    if reason in FORMATS:
        return FORMATS[reason]
    words = {
        "str of length <=": "at most {} characters",
        "str of length >=": "at least {} characters",
        "values of length <=": "at most {} values",
    }
    for limit, text in words.items():
        before, found, number = reason.partition(limit)
        if found:
            return before + text.format(number.strip())
    return reason


def pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


@cache
def moments(cls: type[msgspec.Struct]) -> frozenset[str]:
    """Return the members that are instants: of a text, msgspec takes a number too, for seconds since 1970."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(cls) if mentions(field.type, datetime))


def mentions(kind: Any, wanted: type) -> bool:
    return kind is wanted or any(mentions(part, wanted) for part in get_args(kind))


def refuse_nul(name: str, value: str) -> str:
    if "\x00" in value:
        raise invalid([FieldError(pointer(name), "invalid_format", "It holds the character NUL.")])
    return value


def decode(expected: type, value: Any) -> Any:
    """Read the types that msgspec does not know (its ``dec_hook``); ValueError gives the reason."""
    if get_origin(expected) is Several:
        return decode_several(get_args(expected)[0], value)
    if issubclass(expected, Text):
        return expected(value)
    if expected is ZoneInfo:
        return decode_zone(value)
    if expected is Email:
        return decode_email(value)
    if expected is ChosenUUID:
        return decode_id(value)
    raise NotImplementedError(expected)


def decode_several(kind: Any, value: str) -> Several[Any]:
    """Read values with commas between them; an empty one is one too many."""
    values = value.split(",", MOST_VALUES)
    if len(values) > MOST_VALUES:
        raise ValueError(f"Expected values of length <= {MOST_VALUES}")
    return Several(sorted({msgspec.convert(one, kind, strict=False) for one in values}))


def decode_zone(value: Any) -> ZoneInfo:
    if value not in zone_names():
        raise ValueError("Not a time zone of the IANA database, such as Europe/Rome")
    return ZoneInfo(value)


def decode_id(value: Any) -> ChosenUUID:
    if not isinstance(value, str) or not UUID_TEXT.fullmatch(value) or ChosenUUID(value).version not in (4, 7):
        raise ValueError("Not a UUID of version 4 or 7")
    return ChosenUUID(value)


@cache
def zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


# RFC 5321 allows more, but a quoted mailbox has many spellings, and not every server knows one outside ASCII.
validate_mailbox = RegexValidator(r"^[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*\Z")


def decode_email(value: Any) -> Email:
    """Return an address in its one spelling: case, width, outer space or an IDN make no other."""
    if isinstance(value, str) and len(value) > MAX_TYPED_LENGTH:
        raise ValueError(f"Expected str of length <= {MAX_EMAIL_LENGTH}")
    try:
        mailbox, _, domain = unicodedata.normalize("NFKC", value).strip().casefold().rpartition("@")
        validate_mailbox(mailbox)
        address = f"{mailbox}@{punycode(domain)}"
        validate_email(address)
    except (ValidationError, TypeError, UnicodeError) as fault:
        raise ValueError("Not an e-mail address") from fault
    if len(address) > MAX_EMAIL_LENGTH:
        raise ValueError(f"Expected str of length <= {MAX_EMAIL_LENGTH}")
    return Email(address)
