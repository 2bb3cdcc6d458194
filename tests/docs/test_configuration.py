"""docs/configuration.md and .env.example hold exactly the variables that somebody reads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from local.app import DEFAULTS
from tests.docs.documents import CODE, ROOT, read, rows

PAGE = "docs/configuration.md"
OPENED = re.compile(r"(?<!\$)\$\{([A-Z_]+)")  # $${…} is for the shell in the container
EXAMPLE = re.compile(r"^(?:# )?([A-Z_]+)=", re.MULTILINE)


def calls(path: Path, receiver: str) -> Iterator[str]:
    """Yield the first argument of each call of the receiver's methods, where it is a plain text."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=called), args=[ast.Constant(value=str(name)), *_]):
                if ast.unparse(called) == receiver:
                    yield name


def read_by_app() -> set[str]:
    return set(calls(ROOT / "app/config/settings.py", "env"))


def read_by_nginx() -> set[str]:
    files = [*ROOT.glob("nginx/templates/*"), ROOT / "nginx/trusted_proxies.sh"]
    return {name for path in files for name in OPENED.findall(path.read_text())}


def read_by_compose() -> set[str]:
    """Return what is filled in, and what a service gets as it stands because its value is left out."""
    return {name for path in ROOT.glob("docker-compose*.yml") for name in read_by_services(path.read_text())}


def read_by_services(text: str) -> set[str]:
    environments = [service.get("environment", {}) for service in yaml.safe_load(text)["services"].values()]
    handed_on = {name for given in environments for name, value in given.items() if value is None}
    return handed_on | set(OPENED.findall(text))


def read_by_secrets() -> set[str]:
    [names] = re.findall(r"^for name in (.*); do\n", read("deploy/keep_secrets.sh"), re.MULTILINE)
    [listed] = re.findall(r"^readonly SECRETS=\((.*)\)", read("deploy/dotenv.sh"), re.MULTILINE)
    return {*names.replace('"${SECRETS[@]}"', listed).split()}


def read_by_local() -> set[str]:
    own = {name for path in ROOT.glob("local/*.py") for name in calls(path, "os.environ")}
    return (own | set(DEFAULTS)) - {"PATH"}


READERS = {
    "app": read_by_app,
    "nginx": read_by_nginx,
    "Compose": read_by_compose,
    "secrets": read_by_secrets,
    "local": read_by_local,
}


def documented() -> dict[str, set[str]]:
    """Return the variables of the page, each with those who are said to read it."""
    return {name: set(cells[-1].split(", ")) for cells in rows(read(PAGE)) for name in CODE.findall(cells[0])}


@pytest.mark.parametrize("reader", READERS)
def test_the_page_says_exactly_who_reads_what(reader: str) -> None:
    assert {name for name, readers in documented().items() if reader in readers} == READERS[reader]()


def test_the_page_names_no_other_reader() -> None:
    assert set().union(*documented().values()) - {"read by"} == set(READERS)


def test_no_variable_stands_there_twice() -> None:
    names = [name for cells in rows(read(PAGE)) for name in CODE.findall(cells[0])]

    assert len(names) == len(set(names))


def test_the_example_has_every_variable_but_those_of_make_run() -> None:
    asked_for = {name for name, readers in documented().items() if readers != {"local"}}

    assert set(EXAMPLE.findall(read(".env.example"))) == asked_for


def test_the_example_and_the_page_agree_on_plain_defaults() -> None:
    shown = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    plain = {CODE.findall(cells[0])[0]: cells[2].strip("`") for cells in rows(read(PAGE)) if is_plain(cells[2])}

    assert {name: shown[name] for name in plain.keys() & shown.keys()} == {
        name: plain[name] for name in plain.keys() & shown.keys()
    }


def is_plain(default: str) -> bool:
    """Tell whether a default is one value, the same for everyone."""
    return CODE.fullmatch(default) is not None
