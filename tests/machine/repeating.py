"""Rules: sending a call again under its key, from the device that sent it first or from another one."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.clients import Sent
from tests.machine.world import NAMES, World
from tests.problems import assert_problem


class Repeating(World):
    @precondition(lambda self: self.has_sent())
    @rule(name=NAMES, number=st.integers(0, 20))
    def repeat(self, name: str, number: int) -> None:
        """Check that nothing happens a second time, and that the answer is that of the first."""
        if (sent := self._sent(name, number)) is None:
            return
        again = self.clients[name].person.request(sent.method, sent.path, json=sent.body, headers=sent.headers)
        assert (again.status_code, again.content) == (sent.answer.status_code, sent.answer.content)
        assert again.headers.get("ETag") == sent.answer.headers.get("ETag")
        assert again.headers["Idempotency-Replayed"] == "true"

    @precondition(lambda self: self.has_sent())
    @rule(name=NAMES, number=st.integers(0, 20))
    def use_a_key_for_another_call(self, name: str, number: int) -> None:
        if (sent := self._sent(name, number)) is None:
            return
        body = {"name": "Never", "color": "#000000"}
        answer = self.clients[name].person.request("POST", "/api/lists/", json=body, headers=sent.headers)
        assert_problem(answer, 422, "idempotency_key_reused")

    def has_sent(self) -> bool:
        return any(client.sent for client in self.clients.values())

    def _sent(self, name: str, number: int) -> Sent | None:
        """Return one of the calls that were acknowledged on this account; a key is good on all its devices."""
        account = self.clients[name].account
        sent = [sent for client in self.clients.values() if client.account is account for sent in client.sent]
        return sent[number % len(sent)] if sent else None
