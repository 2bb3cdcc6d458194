"""Whether this process lives, and whether it can do its work."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import extend_schema
from redis import Redis, RedisError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

REDIS_TIMEOUT = 0.25  # seconds


@extend_schema(exclude=True)
class Live(APIView):
    """Answers as long as the process does; depends on nothing else."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        return Response({"status": "live"})


@extend_schema(exclude=True)
class Ready(APIView):
    """Says what works. Without PostgreSQL this is 503; Redis costs speed only, so without it `degraded` is 200."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        checks = {"database": database(), "migrations": migrations(), "redis": redis()}
        if checks["database"] != "ok" or checks["migrations"] != "ok":
            return Response({"status": "unavailable", "checks": checks}, status=503, headers={"Retry-After": "2"})
        return Response({"status": "ready" if checks["redis"] == "ok" else "degraded", "checks": checks})


def probe(work: Callable[[], str], *failures: type[Exception]) -> str:
    try:
        return work()
    except failures:
        return "unreachable"


def database() -> str:
    def ask() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok"

    return probe(ask, DatabaseError)


def migrations() -> str:
    def plan() -> str:
        executor = MigrationExecutor(connection)
        return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"

    return probe(plan, DatabaseError)


def redis() -> str:
    def ping() -> str:
        redis_client().ping()
        return "ok"

    return probe(ping, RedisError)


@cache
def redis_client() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=REDIS_TIMEOUT, socket_timeout=REDIS_TIMEOUT)
