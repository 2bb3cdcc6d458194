"""The people of the tests: clients that talk HTTP to the running service, through nginx."""

import itertools
import os
from typing import Any
from uuid import uuid4

import requests

PASSWORD = "correct horse battery staple"
URL = os.environ.get("DOABLE_URL", "")
names = itertools.count()


class Person(requests.Session):
    """A browser without a screen: keeps cookies and shows the CSRF token with every unsafe request."""

    def __init__(self, name: str, url: str = URL) -> None:
        super().__init__()
        self.url = url
        self.email = f"{name}-{next(names)}-{uuid4().hex}@example.org"
        self.password = PASSWORD

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> requests.Response:
        """Send a request to a path of the service; redirects are not followed, and nothing waits for ever."""
        return super().request(method, self.url + url, *args, **{"timeout": 20, **options, "allow_redirects": False})

    def fetch_csrf_token(self) -> str:
        token: str = self.get("/auth/csrf/").json()["csrf_token"]
        self.headers["X-CSRFToken"] = token
        return token

    def sign_up(self, **more: Any) -> requests.Response:
        self.fetch_csrf_token()
        return self._keep_token(self.post("/auth/register/", json=self.credentials | more))

    def log_in(self, **instead: Any) -> requests.Response:
        self.fetch_csrf_token()
        return self._keep_token(self.post("/auth/login/", json=self.credentials | instead))

    def reauthenticate(self, **instead: Any) -> requests.Response:
        """Give the password once more."""
        given = {"password": self.password, **instead}
        return self._keep_token(self.post("/auth/reauthenticate/", json=given))

    def on_another_device(self) -> "Person":
        """Return the same person, logged in from a second browser."""
        device = Person("device", self.url)
        device.email, device.password = self.email, self.password
        assert device.log_in().ok
        return device

    def log_out(self) -> requests.Response:
        return self.post("/auth/logout/")

    @property
    def credentials(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password}

    def _keep_token(self, answer: requests.Response) -> requests.Response:
        """Take over the CSRF token that a login renews."""
        if answer.ok and "csrf_token" in answer.json():
            self.headers["X-CSRFToken"] = answer.json()["csrf_token"]
        return answer

    def make_list(self, name: str = "Groceries", **more: Any) -> Any:
        return created(self.post("/api/lists/", json={"name": name, **more}))

    def lists(self, query: str = "") -> list[Any]:
        """Return the lists of the first page, as single answers show them; the inbox is there without being made."""
        found = self.get(f"/api/lists/?{query}").json()["results"]
        return [{name: one[name] for name in one if name != "todo_counts"} for one in found if not one["is_inbox"]]

    def make_token(self, *scopes: str, name: str = "Backup script") -> Any:
        """Create an API token and return it with its secret."""
        return created(self.post("/auth/tokens/", json={"name": name, "scopes": list(scopes) or ["read", "write"]}))

    def make_todo(self, todo_list: Any, title: str = "Buy oat milk", **more: Any) -> Any:
        return created(self.post("/api/todos/", json={"title": title, "list_id": todo_list["id"], **more}))

    def attach(self, todo: Any, content: bytes = b"Oat milk: 2.19", name: str = "Receipt.txt") -> Any:
        return created(self.upload(todo, content, name))

    def upload(self, todo: Any, content: Any, name: str = "Receipt.txt", **options: Any) -> requests.Response:
        """Send the content of an attachment: bytes, or an iterable of them to send in chunks."""
        return self.post(f"/api/todos/{todo['id']}/attachments/", params={"name": name}, data=content, **options)


def created(answer: requests.Response) -> Any:
    assert answer.status_code == 201, answer.text
    return answer.json()
