"""The one error shape (RFC 9457) and the doors through which every error leaves.

``docs/errors.md`` lists the codes; a test keeps that page and ``Code`` equal.
"""

import logging
import sys
from enum import Enum
from http import HTTPStatus
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from rest_framework import exceptions

from app.ops.logging import request_id

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Session realm="doable", Bearer realm="doable"'  # what a 401 asks for
RETRY_AFTER = 2  # seconds: a restarted PostgreSQL answers again within about one


class Code(Enum):
    """Every code of the service with its status; nginx adds those in `nginx/templates`."""

    BAD_REQUEST = 400
    MALFORMED_JSON = 400, "The body can't be read as JSON"
    INVALID_CURSOR = 400, "The cursor is not one of this collection"
    AMBIGUOUS_CREDENTIALS = 400, "Send the session cookie or an API token, not both"
    UNAUTHENTICATED = 401, "Nobody is logged in"
    INVALID_CREDENTIALS = 401, "No account has this address and password"
    CSRF_FAILED = 403, "The CSRF token is missing or wrong"
    REAUTHENTICATION_REQUIRED = 403, "Give the password again first, with POST /auth/reauthenticate/"
    INSUFFICIENT_SCOPE = 403, "The API token may not do this"
    REGISTRATION_CLOSED = 403, "This server takes no new accounts"
    NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    EMAIL_TAKEN = 409, "An account has this address already"
    ID_TAKEN = 409, "This id is taken"
    IDEMPOTENCY_IN_FLIGHT = 409, "The first call with this Idempotency-Key still runs"
    QUOTA_EXCEEDED = 409, "There are as many as there may be"
    IMPORT_NOT_CHECKED = 409, "Only an import that was checked and found good can be applied"
    INBOX_STAYS = 409, "The inbox can't be deleted or archived"
    NO_ROOM = 409, "There is no room at this place"
    CONTENT_LOST = 410, "The content of this attachment is lost"
    PRECONDITION_FAILED = 412
    STALE_VERSION = 412, "It was changed in the meantime"
    BODY_TOO_LARGE = 413, "The body is too large"
    UNSUPPORTED_MEDIA_TYPE = 415, "The body must be application/json"
    INVALID = 422, "Some values are not allowed"
    BATCH_FAILED = 422, "A command failed, so none was done"
    IDEMPOTENCY_KEY_REUSED = 422, "The Idempotency-Key was used for another call"
    TOO_MANY_MATCHES = 422, "More match than can be sorted"
    INVALID_TOKEN = 422, "The token is wrong, used or too old"
    NOT_APPLIED = 424, "Another command of the batch failed"
    RATE_LIMITED = 429
    INTERNAL_ERROR = 500
    UNAVAILABLE = 503
    INSUFFICIENT_STORAGE = 507, "The server has no room left to store it"

    def __init__(self, status: int, title: str = "") -> None:
        self.status = status
        self.title = title or HTTPStatus(status).phrase


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong at one place of the input; ``pointer`` is an RFC 6901 pointer, "" for the whole."""

    pointer: str
    code: str
    detail: str


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """An answer that ends the request, and after how many seconds to try again, where trying again helps.

    ``more`` are members of this code only, such as ``theirs``.
    """

    def __init__(
        self,
        code: Code,
        detail: str = "",
        errors: list[FieldError] | None = None,
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code.name, detail)
        self.code = code
        self.detail = detail or f"{code.title}."
        self.errors = errors or []
        self.retry_after = retry_after or (RETRY_AFTER if code is Code.UNAVAILABLE else None)
        self.more = more

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "Problem":
        """Return the problem of a single value."""
        return cls(Code.INVALID, detail, [FieldError(pointer, code, detail)])

    def body(self) -> dict[str, Any]:
        name = self.code.name.lower()
        return {
            "type": f"urn:doable:problem:{name}",
            "title": self.code.title,
            "status": self.code.status,
            "detail": self.detail,
            "code": name,
            "errors": self.errors,
            "request_id": request_id.get(),
            **self.more,
        }

    def headers(self) -> dict[str, str]:
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        return headers | ({"WWW-Authenticate": CHALLENGE} if self.code.status == HTTPStatus.UNAUTHORIZED else {})


FRAMEWORK_ERRORS: dict[type[exceptions.APIException], Code] = {
    exceptions.NotAuthenticated: Code.UNAUTHENTICATED,
    exceptions.AuthenticationFailed: Code.UNAUTHENTICATED,
    exceptions.NotFound: Code.NOT_FOUND,
    exceptions.MethodNotAllowed: Code.METHOD_NOT_ALLOWED,
    exceptions.UnsupportedMediaType: Code.UNSUPPORTED_MEDIA_TYPE,
    exceptions.ParseError: Code.MALFORMED_JSON,
}


def problem_for(error: BaseException | None) -> Problem:
    """Return the problem that an exception means to the client; the unforeseen is logged, and told as nothing."""
    match error:
        case Problem():
            return error
        case RequestDataTooBig():
            return Problem(Code.BODY_TOO_LARGE)
        case SuspiciousOperation():  # more than 1,000 query parameters
            return Problem(Code.BAD_REQUEST)
        case OperationalError() | InterfaceError():
            log.error("no answer from the database", exc_info=error)
            return Problem(Code.UNAVAILABLE, "The database can't answer at the moment. Try again shortly.")
        case exceptions.APIException() if type(error) in FRAMEWORK_ERRORS:
            return framework_problem(FRAMEWORK_ERRORS[type(error)], str(error.detail))
        case _:
            log.error("unhandled exception", exc_info=error)
            return Problem(Code.INTERNAL_ERROR, "Something went wrong here. The request_id names it in the log.")


def framework_problem(code: Code, detail: str) -> Problem:
    return Problem(code, "Log in first, with POST /auth/login/." if code is Code.UNAUTHENTICATED else detail)


def answer_exception(error: Exception, context: dict[str, Any]) -> HttpResponse:  # noqa: ARG001 - DRF's signature
    """Answer what a view raised (DRF's EXCEPTION_HANDLER), as JSON also where the view answers something else."""
    return respond(problem_for(error))


def respond(problem: Problem) -> HttpResponse:
    body = msgspec.json.encode(problem.body())
    return HttpResponse(body, CONTENT_TYPE, problem.code.status, headers=problem.headers())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's handler400
    if isinstance(exception, RequestDataTooBig):
        return respond(Problem(Code.BODY_TOO_LARGE))
    return respond(
        Problem(
            Code.BAD_REQUEST,
            "This address is not served under that name: PUBLIC_URL says which. Or the session ended meanwhile.",
        )
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's handler404
    return respond(Problem(Code.NOT_FOUND, "There is nothing at this path. Paths end with a slash, and ids are UUIDs."))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's handler500
    return respond(problem_for(sys.exc_info()[1]))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - CSRF_FAILURE_VIEW
    return respond(Problem(Code.CSRF_FAILED, reason))
