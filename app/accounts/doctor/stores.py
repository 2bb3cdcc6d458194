"""PostgreSQL and Redis: there, new enough, and of the same time as this machine."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from app.accounts.doctor.finding import Finding, fail, ok, warn
from app.common import redis

OLDEST_POSTGRESQL = 15
OLDEST_REDIS = 7
ARCHIVER = "SELECT last_failed_wal, last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver"
APPLY = "Apply the migrations: ./deploy.sh and make run do, or manage.py migrate as the owner of the database."
SLOW_CLOCK, WRONG_CLOCK = timedelta(seconds=2), timedelta(seconds=60)


def postgresql() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, name = cursor.fetchone()
    if number // 10_000 < OLDEST_POSTGRESQL:
        return fail(f"is of version {name}, and {OLDEST_POSTGRESQL} is the oldest that will do. Update it.")
    return ok(f"answers, version {name}")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return fail(f"{len(pending)} are not applied. {APPLY}")
    return ok("all are applied")


def clock_of_postgresql() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return clock(cursor.fetchone()[0])


def archive_of_the_log() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(ARCHIVER)
        segment, fails = cursor.fetchone()
    if fails:
        return fail(
            f"has not taken {segment}. What is written since can't be recovered. Look at the log of PostgreSQL."
        )
    return ok("refuses nothing")


def redis_server() -> Finding:
    facts = redis.client().info("server")
    version = str(facts["redis_version"])  # Valkey says here with which Redis it is compatible
    name = f"Valkey {facts['valkey_version']}" if "valkey_version" in facts else f"Redis {version}"
    if int(version.partition(".")[0]) < OLDEST_REDIS:
        return fail(f"is {name}, and {OLDEST_REDIS} is the oldest that will do. Update it.")
    return ok(f"answers, {name}")


def clock_of_redis() -> Finding:
    seconds, microseconds = redis.client().time()
    return clock(datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds))


def clock(theirs: datetime) -> Finding:
    away = abs(datetime.now(UTC) - theirs)
    text = f"{away.total_seconds():.1f} s away from the clock of this machine"
    if away >= WRONG_CLOCK:
        return fail(f"{text}. Sessions and limits end at the wrong time. Set both machines by NTP.")
    return warn(f"{text}. Set both machines by NTP.") if away >= SLOW_CLOCK else ok(text)
