"""The tables of the measurements."""

import pytest

from bench.load import Load
from bench.report import costs, filled, markdown, rates, times
from bench.results import Comparison, Results, Run


def run(rate: int, cost: float = 100) -> Run:
    return Run(Load(rate, seconds=1, bytes=1, failures=0, p50=1, p99=2), {"app": cost, "PostgreSQL": 20}, foreign=0)


def comparison(*rounds: tuple[int, int]) -> Comparison:
    return Comparison("todo", "one todo", 1000, [{"doable": run(ours), "drf": run(theirs)} for ours, theirs in rounds])


def test_a_ratio_is_that_of_runs_of_one_round() -> None:
    """A machine that was slow for a round was slow for both."""
    found = comparison((1000, 100), (500, 50), (900, 100)).ratio("doable", "drf")

    assert times(found) == "10.0 (9.0–10.0)"


def test_a_cost_is_that_of_the_cheapest_round() -> None:
    rounds = [{"doable": run(1000, cost)} for cost in (130, 110, 170)]

    [row] = costs("", "", [Comparison("todo", "one todo", 1000, rounds)], ["doable"]).rows

    assert row == ("one todo", "130 (110 + 20)")


def test_what_was_not_measured_is_no_number() -> None:
    [row] = rates([Comparison("todo", "one todo", 1000, [{"doable": run(1000)}])]).rows

    assert row == ("one todo", "1,000", "–", "–", "–", "–")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "  one todo   1,000  10.0 (10.0–10.0)"),
        ("markdown", "| one todo | 1,000 | 10.0 (10.0–10.0) |"),
    ],
)
def test_a_table_has_a_line_for_each_operation(form: str, expected: str) -> None:
    table = rates([comparison((1000, 100))])

    assert any(line.startswith(expected.rstrip("| ")) for line in getattr(table, form).splitlines())


def test_the_figures_take_the_place_of_those_before() -> None:
    found = comparison((1000, 100))
    results = Results("2026-11-28", {"processors": "2"}, {"sync, 2 workers": 100}, [found], [found], [found], [found])
    page = "# Performance\n\n<!-- measured by make bench -->\nold\n<!-- until here -->\n\nWhat follows.\n"

    once = filled(page, results)

    assert once == page.replace("old\n", f"\n{markdown(results)}\n")
    assert filled(once, results) == once
