"""docs/errors.md lists exactly the codes that are answered, each with its status."""

import ast
import inspect
import re
from collections.abc import Iterator

from django.contrib.auth.password_validation import get_default_password_validators

from app.common.errors import Code
from app.common.serializers import REASONS
from tests.docs.documents import CODE, ROOT, first_codes, read, rows, section

PAGE = "docs/errors.md"
NGINX_CODES = re.compile(r"map \$status \$problem_code \{(.*?)\}", re.DOTALL)
NGINX_CODE = re.compile(r"(\d+) (\w+);")
MADE = {"FieldError", "Problem.at", "TextError"}


def statuses(heading: str) -> dict[str, int]:
    table = rows(section(read(PAGE), heading))
    return {CODE.findall(cells[0])[0]: int(cells[1]) for cells in table if "`" in cells[0]}


def test_every_code_of_the_application_is_listed_with_its_status() -> None:
    assert statuses("Codes of the application") == {code.name.lower(): code.status for code in Code}


def test_every_code_of_nginx_is_listed_with_its_status() -> None:
    codes = NGINX_CODES.findall(read("nginx/snippets/problems.conf"))[0]

    expected = {code: int(status) for status, code in NGINX_CODE.findall(codes)}

    assert statuses("Codes of nginx") == expected | {"internal_error": 500}


def test_a_code_has_one_status_on_both_sides() -> None:
    application, nginx = statuses("Codes of the application"), statuses("Codes of nginx")

    assert {code: application[code] for code in application.keys() & nginx} == {
        code: nginx[code] for code in application.keys() & nginx
    }


def test_a_code_has_one_title_on_both_sides() -> None:
    source = read("nginx/snippets/problems.conf")
    codes = dict(NGINX_CODE.findall(NGINX_CODES.findall(source)[0]))
    titles = dict(re.findall(r'(\d+) "(.+)";', source.partition("$problem_title {")[2].partition("}")[0]))

    shared = {codes[status]: title for status, title in titles.items() if codes[status].upper() in Code.__members__}

    assert shared == {code: Code[code.upper()].title for code in shared}


def test_every_code_of_a_value_is_listed() -> None:
    listed = first_codes(section(read(PAGE), "Codes of single values"))

    assert sorted(listed) == sorted({code for _, code in REASONS} | set(codes_in_code()) | set(password_codes()))


def codes_in_code() -> Iterator[str]:
    """Yield the codes that are written where an error is made; `invalid` is what remains."""
    yield "invalid"
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=made, args=[_, ast.Constant(value=str(code)), *_]) if ast.unparse(made) in MADE:
                    yield code


def password_codes() -> Iterator[str]:
    for validator in get_default_password_validators():
        yield from re.findall(r'code="(\w+)"', inspect.getsource(type(validator)))
