"""PostgreSQL and Redis let the application do what it needs and no more, and hide what goes between them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import Person, created
from tests.compose.deployment import Deployment
from tests.rights import COMMANDS, STATEMENTS

pytestmark = pytest.mark.compose

# How the release before left the database: the application's role owns everything.
AS_BEFORE = """
REASSIGN OWNED BY doable_owner TO doable; DROP OWNED BY doable_owner;
DROP ROLE doable_owner; ALTER ROLE doable CONNECTION LIMIT -1; ALTER ROLE doable RESET ALL
"""
OWNERS = """
SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ' ') FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
PREPARE = ("docker", "compose", "run", "--rm", "-T", "migrate")
RIGHTS = "SELECT string_agg(privilege_type, ' ' ORDER BY 1) FROM information_schema.role_table_grants WHERE "


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_application_s_role_changes_rows_and_nothing_else(deployment: Deployment, statement: str) -> None:
    refused = deployment.psql(f"BEGIN; {statement}; ROLLBACK")

    assert refused.returncode == 1
    assert re.match(r"ERROR:  (permission denied|must be (owner|superuser))", refused.stderr), refused.stderr


def test_who_only_counts_reads_no_row_and_no_key(deployment: Deployment) -> None:
    assert int(deployment.ask("SELECT count(*) FROM pg_stat_activity WHERE query <> ''", role="doable_monitor"))
    assert "permission denied" in deployment.psql("SELECT * FROM public.core_user", role="doable_monitor").stderr
    assert "used_memory:" in deployment.redis("INFO", "memory", user="monitor")
    assert deployment.redis("GET", "answer:x", user="monitor").startswith("NOPERM")


def test_of_several_who_prepare_the_database_at_once_one_works_after_another(deployment: Deployment) -> None:
    with ThreadPoolExecutor(3) as crowd:
        done = list(crowd.map(lambda _: deployment.run(*PREPARE), range(3)))

    assert [result.returncode for result in done] == [0, 0, 0], [result.stderr for result in done]


def test_old_events_are_forgotten_all_the_same(deployment: Deployment) -> None:
    old = "INSERT INTO core_audit_event (id, created_at, event, address, user_agent, request_id) "
    old += "SELECT gen_random_uuid(), now() - interval '2 years', 'logged_in', '203.0.113.9', '', ''"
    deployment.psql(old).check_returncode()

    assert deployment.ask("SELECT core_forget_old_events(1000)", role="doable") == "1"


def test_a_statement_or_a_lock_that_lasts_is_broken_off(deployment: Deployment) -> None:
    shown = [deployment.ask(f"SHOW {name}", role="doable") for name in ("statement_timeout", "lock_timeout")]

    assert shown == ["5s", "2s"]
    assert deployment.ask("SHOW idle_in_transaction_session_timeout", role="doable") == "10s"


def test_what_goes_between_the_application_and_postgresql_is_encrypted(deployment: Deployment) -> None:
    plain = "SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = 'doable' AND NOT ssl"
    secret = plain.replace("NOT ssl", "version IN ('TLSv1.2', 'TLSv1.3')")

    assert deployment.ask(plain) == "0"
    assert int(deployment.ask(secret)) > 0


def test_the_certificate_of_postgresql_proves_who_answers(deployment: Deployment) -> None:
    verify = "sslmode=verify-full sslrootcert="

    assert deployment.psql("SELECT 1", options=verify + "/run/secrets/postgres_certificate").returncode == 0
    stranger = deployment.psql("SELECT 1", options=verify + "/etc/ssl/certs/ca-certificates.crt")
    assert stranger.returncode == 2
    elsewhere = deployment.psql(
        "SELECT 1", options=verify + "/run/secrets/postgres_certificate hostaddr=127.0.0.1 host=x"
    )
    assert 'does not match host name "x"' in elsewhere.stderr


def test_the_application_asks_for_proof_where_it_is_told_to(deployment: Deployment) -> None:
    verify = ("env", "DATABASE_SSLMODE=verify-full", "docker", "compose", "run", "--rm", "-T", "--no-deps")

    there = deployment.run(*verify, "--entrypoint", "python manage.py wait_for_database", "app1")
    told = deployment.run(*verify, "--entrypoint", "printenv DATABASE_URL", "app1").stdout

    assert there.returncode == 0, there.stderr
    assert "sslmode=verify-full" in told


def test_statements_are_counted(deployment: Deployment) -> None:
    counted = deployment.run(
        "docker",
        "compose",
        "exec",
        "-T",
        "db",
        "psql",
        "-At",
        "--username=postgres",
        "--command",
        "SELECT count(*) FROM pg_stat_statements JOIN pg_roles ON userid = pg_roles.oid WHERE rolname = 'doable'",
    )

    assert int(counted.stdout) > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_the_application_can_neither_flush_nor_configure_redis(deployment: Deployment, command: str) -> None:
    assert deployment.redis(command).partition(" ")[0] in ("NOPERM", "ERR")


def test_nobody_asks_redis_without_a_password(deployment: Deployment) -> None:
    assert deployment.compose("exec", "-T", "redis", "redis-cli", "PING").startswith("NOAUTH")


def test_the_deployment_of_the_release_before_becomes_one_of_this(deployment: Deployment) -> None:
    alice = Person("alice", deployment.url)
    created(alice.sign_up())
    todo = alice.make_todo(alice.make_list())
    deployment.psql(AS_BEFORE, role="postgres").check_returncode()
    secrets = {name: deployment.secret(name) for name in ("secret_key", "postgres_password", "database_password")}
    lines = [f"{name.upper()}={file.read_text()}" for name, file in secrets.items()]
    before = {name: file.read_text() for name, file in secrets.items()}
    env = deployment.folder / ".env"
    env.write_text("\n".join([env.read_text(), *lines]))
    for file in secrets.values():
        file.unlink()

    result = deployment.deploy()

    assert result.returncode == 0, result.stdout + result.stderr
    assert {name: file.read_text() for name, file in secrets.items()} == before
    assert not any(line in env.read_text() for line in lines)
    assert deployment.ask(OWNERS) == "doable_owner"
    assert deployment.ask(RIGHTS + "grantee = 'doable' AND table_name = 'core_audit_event'") == "INSERT SELECT"
    assert alice.get(f"/api/todos/{todo['id']}/").json() == todo
