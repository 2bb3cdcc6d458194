"""How the API describes itself: structs as schemas, cookies and tokens as security, problems as answers."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from http import HTTPStatus
from inspect import getdoc
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from msgspec import Meta
from rest_framework.permissions import SAFE_METHODS, AllowAny

from app.common import headers
from app.common.errors import CONTENT_TYPE, Code, FieldError, Problem
from app.common.headers import Header
from app.common.serializers import ChosenUUID, Email, Serializer, Several
from app.common.texts import Text

REF = "#/components/schemas/{name}"
JSON_PROBLEMS = [Code.MALFORMED_JSON, Code.UNSUPPORTED_MEDIA_TYPE]
BYTES_PROBLEMS = [Code.BAD_REQUEST, Code.UNSUPPORTED_MEDIA_TYPE]  # it ended early, or is a form
CHOSEN_UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[47][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
CSRF: dict[str, list[str]] = {"csrf": []}  # as a security requirement
View = TypeVar("View", bound=Callable[..., Any])
Schema = dict[str, Any]


class ProblemOut(Serializer, forbid_unknown_fields=False):
    """What went wrong (RFC 9457). `code` is for programs, `detail` for people; some codes add members, as `theirs`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError]
    request_id: str


class StaleVersionOut(ProblemOut, forbid_unknown_fields=False):
    """Others have changed the same; nothing was applied."""

    theirs: Annotated[dict[str, Any], Meta(description="The row as it is now.")]
    yours: Annotated[dict[str, Any], Meta(description="The members that would have changed it.")]
    fields: Annotated[list[str], Meta(description="The names of those that collide.")]


# Problems with members of their own, and an example of these.
SHAPES: dict[Code, type[ProblemOut]] = {Code.STALE_VERSION: StaleVersionOut}
MORE: dict[Code, dict[str, Any]] = {
    Code.STALE_VERSION: {
        "theirs": {"title": "Buy soy milk", "version": 4},
        "yours": {"title": "Buy oat milk"},
        "fields": ["title"],
    }
}
URI_TOO_LONG = "The address is longer than 8 KiB (`uri_too_long`)"  # what nginx says, before anything of ours
TRY_AGAIN = {Code.IDEMPOTENCY_IN_FLIGHT, Code.RATE_LIMITED, Code.UNAVAILABLE}  # those with Retry-After


def raises(*codes: Code) -> Callable[[View], View]:
    """Name the problems of one method of a view, beyond those that its kind of request always may meet."""

    def mark(method: View) -> View:
        method.problems = codes  # type: ignore[attr-defined]  # read by ProblemAwareSchema
        return method

    return mark


def query(filters: type[Serializer]) -> Any:
    """Return the query parameters of a collection, as ``extend_schema(parameters=[...])`` takes them."""
    return filters


class ProblemAwareSchema(AutoSchema):
    """Adds to each operation the problems it can answer, and the headers it heeds and sends."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            problems = self._problem_answers(operation)
            self._complete(operation)
            operation["responses"] |= problems
        return operation

    def _complete(self, operation: Schema) -> None:
        """Say of an operation what its kind has in common, before its problems are among the answers."""
        if AllowAny in self.view.permission_classes:
            operation["security"] = [CSRF] if is_unsafe(self.method) else []
        if "requestBody" in operation:
            operation["requestBody"]["required"] = True
        if heeded := headers.heeded(self._function, self.method):
            operation["parameters"] = [*operation.get("parameters", []), *map(self._parameter, heeded)]
        if headers.IF_NONE_MATCH in heeded:
            operation["responses"]["304"] = {}
        for status, answer in operation["responses"].items():
            answer["description"] = HTTPStatus(int(status)).phrase
            answer.update(self._headers(headers.sent(self._function)))

    def get_summary(self) -> str:
        return self._docstring().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # the base ignores it as well
        return self._docstring().partition("\n")[2].strip()

    def get_auth(self) -> list[Schema]:
        """Leave API tokens out where they are refused, which is everywhere but on /api/."""
        return [scheme for scheme in super().get_auth() if "token" not in scheme or self.path.startswith("/api/")]

    def get_tags(self) -> list[str]:
        return [self.view.__module__.split(".")[1]]

    @property
    def _function(self) -> Any:
        return getattr(self.view, self.method.lower())

    def _docstring(self) -> str:
        return getdoc(self._function) or ""

    def _parameter(self, header: Header) -> Schema:
        return self._component(ResolvedComponent.PARAMETER, header, header.of_a_request())

    def _headers(self, sent: list[Header]) -> Schema:
        """Return the member of an answer that describes its headers, if there are any."""
        found = {one.name: self._component(ResolvedComponent.HEADER, one, one.of_an_answer()) for one in sent}
        return {"headers": found} if found else {}

    def _component(self, kind: str, header: Header, schema: Schema) -> Schema:
        """Return the reference to a description that stands in the schema once."""
        component = ResolvedComponent(header.component, kind, schema, object=header.component)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return component.ref

    def _problem_answers(self, operation: Schema) -> dict[str, Schema]:
        by_status = defaultdict(list)
        for code in (*self._usual_problems(operation), *getattr(self._function, "problems", ())):
            by_status[str(code.status)].append(code)
        answers = {status: self._problem_answer(codes) for status, codes in by_status.items()}
        if "query" in places(operation):
            answers["414"] = self._problem_answer([]) | {"description": URI_TOO_LONG}
        return dict(sorted(answers.items()))

    def _problem_answer(self, codes: list[Code]) -> Schema:
        shape = SHAPES.get(codes[0], ProblemOut) if len(codes) == 1 else ProblemOut
        schema = self.resolve_serializer(shape, "response").ref  # type: ignore[arg-type]  # StructExtension knows it
        retry = self._headers([headers.RETRY_AFTER]) if TRY_AGAIN.intersection(codes) else {}
        return problem_answer(codes, schema) | retry

    def _usual_problems(self, operation: Schema) -> list[Code]:
        parameters = places(operation)
        problems = [Code.RATE_LIMITED, Code.UNAVAILABLE]
        if AllowAny not in self.view.permission_classes:
            problems += [Code.AMBIGUOUS_CREDENTIALS, Code.UNAUTHENTICATED, Code.INSUFFICIENT_SCOPE]
        if is_unsafe(self.method):
            problems += [Code.CSRF_FAILED]
        if headers.is_repeatable(self._function):
            problems += [Code.IDEMPOTENCY_IN_FLIGHT, Code.IDEMPOTENCY_KEY_REUSED, Code.INVALID]
        if "path" in parameters:
            problems += [Code.NOT_FOUND]
        if "query" in parameters:
            problems += [Code.INVALID_CURSOR, Code.INVALID]
        if "requestBody" in operation:
            problems += [Code.BODY_TOO_LARGE, Code.INVALID]
            problems += JSON_PROBLEMS if "application/json" in operation["requestBody"]["content"] else BYTES_PROBLEMS
        return problems


def places(operation: Schema) -> set[str]:
    """Return where the parameters of an operation stand: in the path, in the query."""
    return {parameter["in"] for parameter in operation.get("parameters", [])}


def is_unsafe(method: str) -> bool:
    return method not in SAFE_METHODS


def problem_answer(codes: list[Code], schema: Schema) -> Schema:
    examples = {
        code.name.lower(): {"value": msgspec.to_builtins(Problem(code, **MORE.get(code, {})).body())} for code in codes
    }
    return {
        "description": ", ".join(dict.fromkeys(f"{code.title} (`{code.name.lower()}`)" for code in codes)),
        "content": {CONTENT_TYPE: {"schema": schema, "examples": examples}},
    }


def payloads_below(base: type[Serializer]) -> Iterator[type[Serializer]]:
    """Yield the payloads that derive from one, and those that derive from them."""
    for payload in base.__subclasses__():
        yield payload
        yield from payloads_below(payload)


class StructExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Turns a payload struct into a schema component, and the structs and enums inside it into others."""

    target_class = "app.common.serializers.Serializer"
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:  # noqa: ARG002 - the signature of the base
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        _, components = msgspec.json.schema_components([self.target], schema_hook=describe, ref_template=REF)
        own = dict(components.pop(self.target.__name__))
        payloads = {payload.__name__: payload for payload in payloads_below(Serializer)}
        for name, payload in payloads.items():
            if f"'{REF.format(name=name)}'" in str(own):
                auto_schema.resolve_serializer(payload, direction)  # type: ignore[arg-type]  # StructExtension knows it
        for name, schema in components.items():
            if name not in payloads:
                component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)  # type: ignore[no-untyped-call]
                auto_schema.registry.register_on_missing(component)
        return own | ({"examples": [self.target.EXAMPLE]} if self.target.EXAMPLE else {})


class AlternativesExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Turns an answer that is one of several payloads into a schema component that refers to theirs."""

    target_class = "app.common.serializers.Alternatives"
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:  # noqa: ARG002 - the signature of the base
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        payloads = [auto_schema.resolve_serializer(payload, direction).ref for payload in self.target.OF]
        return {"description": getdoc(self.target), "oneOf": payloads}


def describe(kind: type) -> Schema:
    """Describe the types that msgspec does not know (its ``schema_hook``)."""
    if issubclass(kind, Text):
        lengths = {"minLength": kind.min_length, "maxLength": kind.max_length}
        return {"type": "string"} | lengths | ({"examples": kind.examples} if kind.examples else {})
    if kind in (ZoneInfo, Several):
        return {"type": "string"}
    if kind is Email:
        return {"type": "string", "format": "email"}
    if kind is ChosenUUID:
        return {"type": "string", "format": "uuid", "pattern": CHOSEN_UUID}
    raise NotImplementedError(kind)


class SessionCookie(SessionScheme):  # type: ignore[no-untyped-call]
    """The session cookie, as the security scheme of every private operation, with the CSRF token of the unsafe ones."""

    target_class = "app.accounts.authentication.SessionAuthentication"
    match_subclasses = True
    name = ["session", "csrf"]  # type: ignore[assignment]  # several in one are allowed

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {"session": []} | (CSRF if is_unsafe(auto_schema.method) else {})

    def get_security_definition(self, auto_schema: AutoSchema) -> list[Schema]:  # noqa: ARG002 - the signature of the base
        session = {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
        csrf = {"type": "apiKey", "in": "header", "name": "X-CSRFToken"}
        return [
            session | {"description": "Set by login."},
            csrf
            | {"description": "The CSRF token of `GET /auth/csrf/` or of the last login, with the cookie set there."},
        ]


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The API token, as the other security scheme under /api/."""

    target_class = "app.accounts.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:  # noqa: ARG002 - the signature of the base
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token of `POST /auth/tokens/`, without a cookie beside it. It needs no CSRF token.",
        }
