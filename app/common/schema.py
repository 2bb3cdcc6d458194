"""How the API describes itself: structs as schemas, cookies and tokens as security, problems as answers."""

from collections import defaultdict
from collections.abc import Callable
from http import HTTPStatus
from inspect import getdoc
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from rest_framework.permissions import AllowAny

from app.common.errors import CONTENT_TYPE, Code, FieldError, Problem
from app.common.serializers import ChosenUUID, Email, Serializer

REF = "#/components/schemas/{name}"
JSON_PROBLEMS = [Code.MALFORMED_JSON, Code.UNSUPPORTED_MEDIA_TYPE]
BYTES_PROBLEMS = [Code.BAD_REQUEST]  # it ended early
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
    """Adds to each operation the problems it can answer."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            if AllowAny in self.view.permission_classes:
                operation["security"] = []
            for status, answer in operation["responses"].items():
                answer["description"] = HTTPStatus(int(status)).phrase
            operation["responses"] |= self._problem_answers(operation)
        return operation

    def get_summary(self) -> str:
        return self._docstring().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # the base ignores it as well
        return self._docstring().partition("\n")[2].strip()

    def get_auth(self) -> list[Schema]:
        """Leave API tokens out where they are refused, which is everywhere but on /api/."""
        return [scheme for scheme in super().get_auth() if "token" not in scheme or self.path.startswith("/api/")]

    def _docstring(self) -> str:
        return getdoc(getattr(self.view, self.method.lower())) or ""

    def get_tags(self) -> list[str]:
        return [self.view.__module__.split(".")[1]]

    def _problem_answers(self, operation: Schema) -> dict[str, Schema]:
        by_status = defaultdict(list)
        own = getattr(getattr(self.view, self.method.lower()), "problems", ())
        for code in (*self._usual_problems(operation), *own):
            by_status[str(code.status)].append(code)
        schema = self.resolve_serializer(ProblemOut, "response").ref  # type: ignore[arg-type]  # StructExtension knows it
        return {status: problem_answer(codes, schema) for status, codes in sorted(by_status.items())}

    def _usual_problems(self, operation: Schema) -> list[Code]:
        parameters = {parameter["in"] for parameter in operation.get("parameters", [])}
        problems = [Code.RATE_LIMITED, Code.UNAVAILABLE]
        if AllowAny not in self.view.permission_classes:
            problems += [Code.AMBIGUOUS_CREDENTIALS, Code.UNAUTHENTICATED, Code.INSUFFICIENT_SCOPE]
        if self.method not in ("GET", "HEAD"):
            problems += [Code.CSRF_FAILED]
        if "path" in parameters:
            problems += [Code.NOT_FOUND]
        if "query" in parameters:
            problems += [Code.INVALID_CURSOR, Code.INVALID]
        if "requestBody" in operation:
            problems += [Code.BODY_TOO_LARGE, Code.INVALID]
            problems += JSON_PROBLEMS if "application/json" in operation["requestBody"]["content"] else BYTES_PROBLEMS
        return problems


def problem_answer(codes: list[Code], schema: Schema) -> Schema:
    examples = {code.name.lower(): {"value": msgspec.to_builtins(Problem(code).body())} for code in codes}
    return {
        "description": ", ".join(dict.fromkeys(f"{code.title} (`{code.name.lower()}`)" for code in codes)),
        "content": {CONTENT_TYPE: {"schema": schema, "examples": examples}},
    }


class StructExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Turns a payload struct into a schema component, and the structs and enums inside it into others."""

    target_class = "app.common.serializers.Serializer"
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:  # noqa: ARG002 - the signature of the base
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        _, components = msgspec.json.schema_components([self.target], schema_hook=describe, ref_template=REF)
        own = dict(components.pop(self.target.__name__))
        payloads = {payload.__name__: payload for payload in Serializer.__subclasses__()}
        for name, schema in components.items():
            if name in payloads:
                auto_schema.resolve_serializer(payloads[name], direction)  # type: ignore[arg-type]  # StructExtension knows it
            else:
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
    if kind is ZoneInfo:
        return {"type": "string"}
    if kind is Email:
        return {"type": "string", "format": "email"}
    if kind is ChosenUUID:
        return {"type": "string", "format": "uuid"}
    raise NotImplementedError(kind)


class SessionCookie(SessionScheme):  # type: ignore[no-untyped-call]
    """The session cookie, as the security scheme of every private operation."""

    target_class = "app.accounts.authentication.SessionAuthentication"
    match_subclasses = True
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:  # noqa: ARG002 - the signature of the base
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Set by login. Unsafe requests also send the CSRF token as `X-CSRFToken`.",
        }


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
