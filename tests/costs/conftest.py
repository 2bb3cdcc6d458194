"""Alice, a list and a todo of hers, in the database of this process."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cast import PASSWORD


@pytest.fixture
def alice(settings: Settings, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/auth/csrf/").json()["csrf_token"]
    credentials = {"email": "alice@example.org", "password": PASSWORD}
    welcome = client.post("/auth/register/", credentials, "application/json").json()
    client.defaults["HTTP_X_CSRFTOKEN"] = welcome["csrf_token"]
    return client


@pytest.fixture
def groceries(alice: Client) -> Any:
    return alice.post("/api/lists/", {"name": "Groceries"}, "application/json").json()


@pytest.fixture
def milk(alice: Client, groceries: Any) -> Any:
    new = {"title": "Buy oat milk", "list_id": groceries["id"]}
    return alice.post("/api/todos/", new, "application/json").json()
