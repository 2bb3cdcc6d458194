"""docs/metrics.md lists exactly the metrics, each with its kind and its labels."""

from django.conf import settings

from app.ops.metrics import counted
from tests.docs.documents import CODE, read, rows, section

PAGE = "docs/metrics.md"
Told = dict[str, tuple[str, list[str]]]


def told(heading: str) -> Told:
    found = (cells for cells in rows(section(read(PAGE), heading)) if "`" in cells[0])
    return {CODE.findall(cells[0])[0]: (cells[1], CODE.findall(cells[2])) for cells in found}


def test_what_the_application_counts_is_listed_and_nothing_else() -> None:
    known = counted._collector_to_names  # noqa: SLF001 - what is registered has no public door
    kinds = {metric: metric._type for metric in known}  # type: ignore[attr-defined]  # noqa: SLF001
    shown = {
        f"{metric._name}_total" if kind == "counter" else metric._name: (kind, [*metric._labelnames])  # type: ignore[attr-defined]  # noqa: SLF001
        for metric, kind in kinds.items()
    }

    assert told("Counted by the application") == shown


def test_what_postgresql_is_asked_is_listed_and_nothing_else() -> None:
    asked: Told = {name: ("gauge", [label] if label else []) for name, (label, _) in settings.GAUGES.items()}

    assert told("Asked of PostgreSQL") == {"doable_database_up": ("gauge", [])} | asked
