"""Files: how long they may be kept, how they travel, and which stay closed."""

import gzip

import pytest

from tests.edge.gateway import Gateway


@pytest.fixture
def stylesheet(edge: Gateway) -> bytes:
    content = b"body { margin: 0 }\n" * 100
    for name in ("page.0123456789ab.css", "page.css"):
        (edge.folder / "static" / name).write_bytes(content)
    return content


@pytest.mark.usefixtures("stylesheet")
def test_a_hashed_name_is_kept_for_a_year_without_asking(edge: Gateway) -> None:
    answer = edge.ask("/static/page.0123456789ab.css")

    assert answer.only("Cache-Control") == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("stylesheet")
def test_any_other_name_is_asked_for_again_each_time(edge: Gateway) -> None:
    assert edge.ask("/static/page.css").only("Cache-Control") == "no-cache"


@pytest.mark.parametrize("path", ["/static/", "/static/folder/"])
def test_a_folder_is_not_there(edge: Gateway, path: str) -> None:
    (edge.folder / "static" / "folder").mkdir(exist_ok=True)

    assert edge.ask(path).status == 404


def test_a_missing_file_is_not_kept(edge: Gateway) -> None:
    assert edge.ask("/static/gone.0123456789ab.css").only("Cache-Control") == "no-store"


def test_the_page_is_asked_for_again_each_time(edge: Gateway) -> None:
    assert edge.ask("/").only("Cache-Control") == "no-cache"


def test_the_application_says_how_long_its_answers_are_kept(edge: Gateway) -> None:
    assert edge.ask("/api/todos/").only("Cache-Control") == "no-store"


def test_who_asks_for_a_part_gets_the_whole(edge: Gateway, stylesheet: bytes) -> None:
    answer = edge.ask("/static/page.css", Range="bytes=9000000-")

    assert (answer.status, answer.body) == (200, stylesheet)


def test_text_travels_compressed_and_says_so(edge: Gateway, stylesheet: bytes) -> None:
    answer = edge.ask("/static/page.css", Accept_Encoding="gzip")

    assert (answer.only("Content-Encoding"), answer.only("Vary")) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.body) == stylesheet


def test_json_travels_compressed(edge: Gateway) -> None:
    answer = edge.ask("/api/todos/", Accept_Encoding="gzip", User_Agent="a" * 2000)

    assert answer.only("Content-Encoding") == "gzip"
    assert b"aaaa" in gzip.decompress(answer.body)


def test_media_are_opened_by_the_application_alone(edge: Gateway) -> None:
    (edge.folder / "media" / "photo.png").write_bytes(b"png")

    assert edge.ask("/media/photo.png").status == 404
    assert edge.ask("/api/file").body == b"png"


@pytest.mark.parametrize(
    "path", ["/static../nginx/nginx.conf", "/static/../nginx.conf", "/static/%2e%2e/log", "/../nginx.conf", "/.env"]
)
def test_nothing_beside_the_folders_is_served(edge: Gateway, path: str) -> None:
    assert edge.ask(path).status in (400, 404)


@pytest.fixture
def documents(edge: Gateway) -> None:
    (edge.folder / "static" / "docs" / "api").mkdir(parents=True, exist_ok=True)
    (edge.folder / "static" / "docs" / "api" / "index.html").write_text("<!doctype html>")


@pytest.mark.usefixtures("documents")
def test_the_documents_lie_beside_the_static_files(edge: Gateway) -> None:
    found, without_slash, missing = (edge.ask(path) for path in ("/docs/api/", "/docs/api", "/docs/nothing/"))

    assert (found.status, found.only("Content-Type")) == (200, "text/html; charset=utf-8")
    assert (without_slash.status, without_slash.only("Location")) == (301, "/docs/api/")
    assert (missing.status, missing.json["code"]) == (404, "not_found")
    assert edge.ask("/docs").only("Location") == "/docs/"


@pytest.mark.usefixtures("documents")
def test_the_documents_run_their_own_scripts_and_nothing_that_stands_in_a_page(edge: Gateway) -> None:
    policy = edge.ask("/docs/api/").only("Content-Security-Policy").split("; ")

    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"} <= set(policy)
    assert not any("unsafe" in rule for rule in policy)
