"""The verbs of the Makefile and the services of Compose are in the documents, and no others."""

import re

import pytest
import yaml

from tests.docs.documents import PAGES, blocks, codes, read

TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)
VERB = re.compile(r"\bmake ([a-z-]+)")


def verbs() -> set[str]:
    return set(TARGET.findall(read("Makefile")))


def test_every_verb_is_explained_to_contributors() -> None:
    assert {verb for code in codes(read("CONTRIBUTING.md")) for verb in VERB.findall(code)} == verbs()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_that_is_named_exists(page: object) -> None:
    text = read(str(page))
    shown = [block.text for block in blocks(text) if block.language == "sh"]

    named = {verb for code in codes(text) + shown for verb in VERB.findall(code)}

    assert named <= verbs()


def test_every_service_of_compose_is_in_the_picture() -> None:
    services = yaml.safe_load(read("docker-compose.yml"))["services"]

    assert set(services) <= set(codes(read("ARCHITECTURE.md")))


def test_every_volume_is_known_to_operators() -> None:
    volumes = yaml.safe_load(read("docker-compose.yml"))["volumes"]

    assert set(volumes) <= set(codes(read("docs/operations.md")))


def test_every_service_and_volume_of_monitoring_is_known_to_operators() -> None:
    compose = yaml.safe_load(read("docker-compose.monitoring.yml"))

    assert {*compose["services"], *compose["volumes"]} <= set(codes(read("docs/monitoring.md")))
