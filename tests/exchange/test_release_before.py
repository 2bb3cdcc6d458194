"""While a new release is started, the one before still works on its tables."""

from tests.cast import Person
from tests.rows import connect

UPLOAD = """
INSERT INTO core_import (id, user_id, state, size, place, records, problems, problem_count, tally, total, sha256,
                         created_at, touched_at)
SELECT gen_random_uuid(), id, 'uploaded', 2, '{}', '{}', '[]', 0, '{}', '', '', now(), now() - interval '1 year'
FROM core_user WHERE email = %s RETURNING id
"""
CLAIM = """
SELECT id FROM core_import WHERE state IN ('uploaded', 'checking') ORDER BY touched_at LIMIT 1
FOR UPDATE SKIP LOCKED
"""
SAVE = "UPDATE core_import SET state = 'checked', touched_at = now() WHERE id = %s RETURNING state"


def test_the_jobs_of_the_release_before_still_find_and_store_imports(alice: Person) -> None:
    with connect() as connection:  # it commits at the end, so the jobs of this release find nothing to do meanwhile
        [made] = connection.execute(UPLOAD, [alice.email]).fetchall()

        assert connection.execute(CLAIM).fetchall() == [made]
        assert connection.execute(SAVE, made).fetchall() == [("checked",)]

    assert alice.get(f"/api/imports/{made[0]}/").json()["state"] == "checked"
