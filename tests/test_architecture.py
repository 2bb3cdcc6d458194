"""The shape of the code: small functions, files that say one thing, arrows that point one way."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
from django.urls import resolve

from app.common.views import APIView
from app.config.urls import INTERNAL
from tests.routes import NOWHERE, ROUTES

ROOT = Path(__file__).parents[1]
PRODUCT = [
    path for folder in ("app", "local") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
]
SCHEMA = {"/api/schema/", "/api/docs/", "/api/redoc/"}  # drf-spectacular's own
OURS = {route.path for route in ROUTES if not route.path.startswith(("/health/", "/metrics"))}
ENDPOINTS = OURS - SCHEMA - INTERNAL
DOMAINS = ("accounts", "attachments", "lists", "todos")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def functions(paths: list[Path]) -> Iterator[tuple[str, int]]:
    """Yield each function with its number of lines."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_a_function_is_read_without_scrolling() -> None:
    sizes = [lines for _, lines in functions(PRODUCT)]

    assert [name for name, lines in functions(PRODUCT) if lines > 40] == []
    assert median(sizes) <= 8
    assert quantiles(sizes, n=10)[-1] <= 25


def test_a_file_says_one_thing() -> None:
    assert [path.name for path in PRODUCT if len(path.read_text().splitlines()) > 300] == []
    assert [path.name for path in PRODUCT if path.stem in ("utils", "helpers", "misc", "signals")] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_domain_has_the_same_files(domain: str) -> None:
    """A layer is a file, or a package of that name where it has much to say."""
    found = {path.stem for path in (ROOT / "app" / domain).iterdir()}

    assert found >= {"models", "serializers", "queries", "services", "views", "urls"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("app/*/**/*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_rows_are_reached_through_queries_alone(path: Path) -> None:
    if path.parent.name == "queries" or path.stem in ("queries", "models", "demo"):
        return

    assert ".objects" not in path.read_text()


@pytest.mark.parametrize("path", sorted(ENDPOINTS))
def test_every_endpoint_is_made_of_the_same_view(path: str) -> None:
    view: Any = resolve(path.format(**NOWHERE)).func

    assert issubclass(view.cls, APIView)


def test_the_packages_import_in_one_direction() -> None:
    assert lint_imports(ROOT).returncode == 0


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        ("app/lists/services.py", "from app.todos import queries as todos"),
        ("app/todos/queries.py", "from app.todos import services"),
        ("app/todos/services.py", "from app.trash import queries as trash"),
        ("app/ops/health.py", "from app.common import errors"),
    ],
)
def test_an_import_in_the_other_direction_fails_the_check(tmp_path: Path, file: str, wrong: str) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as source:
        source.write(f"\n{wrong}\n")

    outcome = lint_imports(tmp_path)

    assert outcome.returncode == 1
    assert "BROKEN" in outcome.stdout


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
