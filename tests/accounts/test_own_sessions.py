"""Where one is logged in, and how to end that."""

from tests.accounts.audit import events_of
from tests.cast import Person
from tests.problems import assert_problem


def sessions_of(person: Person) -> list[dict[str, object]]:
    found: list[dict[str, object]] = person.get("/auth/sessions/").json()["results"]
    return found


def current_of(person: Person) -> str:
    [own] = [session["id"] for session in sessions_of(person) if session["is_current"]]
    return str(own)


def test_each_device_is_listed_with_where_and_when_it_was_seen(alice: Person) -> None:
    phone = Person("phone")
    phone.email = alice.email
    phone.headers["User-Agent"] = "Phone/1.0"
    phone.log_in()

    [latest, first] = sessions_of(phone)

    assert (latest["user_agent"], latest["address"], latest["is_current"]) == ("Phone/1.0", "127.0.0.1", True)
    assert first["is_current"] is False
    assert latest["last_seen_at"] >= first["last_seen_at"]  # type: ignore[operator]  # texts of one form
    assert latest.keys() == {
        "id",
        "user_agent",
        "address",
        "created_at",
        "last_seen_at",
        "expires_at",
        "network_changed_at",
        "is_current",
    }


def test_a_device_can_be_logged_out_from_another(alice: Person) -> None:
    phone = alice.on_another_device()
    phone.get("/api/lists/")

    assert alice.delete(f"/auth/sessions/{current_of(phone)}/").status_code == 204

    assert phone.get("/api/lists/").status_code == 401
    assert alice.get("/api/lists/").status_code == 200
    assert events_of(alice)[-1] == "session_ended"


def test_all_other_devices_can_be_logged_out_at_once(alice: Person) -> None:
    others = [alice.on_another_device() for _ in range(3)]
    for device in others:
        device.get("/api/lists/")

    assert alice.delete("/auth/sessions/").status_code == 204

    assert {device.get("/api/lists/").status_code for device in others} == {401}
    assert len(sessions_of(alice)) == 1
    assert events_of(alice)[-1] == "other_sessions_ended"


def test_ending_the_own_session_logs_out(alice: Person) -> None:
    assert alice.delete(f"/auth/sessions/{current_of(alice)}/").status_code == 204

    assert "sessionid" not in alice.cookies
    assert alice.get("/auth/me/").status_code == 401


def test_nobody_sees_or_ends_the_sessions_of_others(alice: Person, bob: Person) -> None:
    hers = current_of(alice)

    assert hers not in {session["id"] for session in sessions_of(bob)}
    assert_problem(bob.delete(f"/auth/sessions/{hers}/"), 404, "not_found")
    assert bob.delete("/auth/sessions/").status_code == 204
    assert alice.get("/auth/me/").status_code == 200


def test_a_session_that_has_ended_is_not_listed(alice: Person) -> None:
    alice.on_another_device().log_out()

    assert len(sessions_of(alice)) == 1
