"""The figures as tables."""

import re
from collections.abc import Iterator

from bench.measure import disturbance
from bench.results import Comparison, Ratio, Results
from bench.stacks import DOABLE, DRF, FASTAPI, LIMIT, NINJA, STACKS
from bench.tables import Table

TITLES = {stack.name: stack.title for stack in STACKS}
OTHERS = (DRF, NINJA, FASTAPI)
NOTHING = "–"
PLACE = re.compile(r"(?<=<!-- measured by make bench -->\n).*(?=<!-- until here -->)", re.DOTALL)
CEILINGS = {
    "page": "the statement of a page alone, by pgbench",
    "todo": "the statement of one todo alone, by pgbench",
    "lists": "the statement of the lists alone, by pgbench",
    "nginx": "the bytes of a page from a file, by nginx",
}
COMPARED = {"page": "page", "todo": "todo", "lists": "lists", "nginx": "page warm"}  # with which operation


def tables(results: Results) -> Iterator[Table]:
    yield rates(results.direct)
    yield costs("What one request costs", "no nginx between", results.direct, [stack.name for stack in STACKS])
    yield deployed(results.behind_nginx)
    yield costs("What one request costs behind nginx", "nginx last", results.behind_nginx, [DOABLE.name, DRF.name])
    yield moderate(results.moderate)
    yield sizes(results.sizes)
    yield ceilings(results)
    yield memory(results)
    yield settings(results)


def rates(found: list[Comparison]) -> Table:
    return Table(
        "Requests a second, and how many times as many as others",
        "Straight to the application, from 16 clients at once. Ratios are medians of rounds, with the lowest and the"
        " highest; those to bare WSGI are shares of what is possible.",
        ("", DOABLE.title, *(f"× {stack.title}" for stack in OTHERS), f"% of {LIMIT.title}"),
        [
            (
                each.title,
                rate(each, DOABLE.name),
                *(times(each.ratio(DOABLE.name, other.name)) for other in OTHERS),
                percent(each.ratio(DOABLE.name, LIMIT.name)),
            )
            for each in found
        ],
    )


def costs(title: str, which: str, found: list[Comparison], stacks: list[str]) -> Table:
    return Table(
        f"{title}, in microseconds of a processor",
        f"All programs together, and in brackets the application, PostgreSQL, Redis ({which}); of the cheapest round.",
        ("", *(TITLES[stack] for stack in stacks)),
        [(each.title, *(cost(each, stack) for stack in stacks)) for each in found],
    )


def deployed(found: list[Comparison]) -> Table:
    return Table(
        "Requests a second behind nginx",
        "As it is deployed: nginx with the same configuration in front of both, which costs both the same.",
        ("", DOABLE.title, DRF.title, f"× {DRF.title}"),
        [
            (each.title, rate(each, DOABLE.name), rate(each, DRF.name), times(each.ratio(DOABLE.name, DRF.name)))
            for each in found
        ],
    )


def moderate(found: list[Comparison]) -> Table:
    return Table(
        "Milliseconds at a moderate load: p50 / p99",
        "Behind nginx, some 190 requests a second from 16 clients; up to one of each is a processor that wakes.",
        ("", *TITLES.values()),
        [(each.title, *(latency(each, stack) for stack in TITLES)) for each in found],
    )


def sizes(found: list[Comparison]) -> Table:
    stacks = [stack for stack in TITLES if found[0].runs(stack)]
    return Table(
        "What a page costs as the data grows, in microseconds of a processor",
        "The same cold page of 50, in a database of so many todos in all.",
        ("", "todos", *(TITLES[stack] for stack in stacks)),
        [(each.title, f"{each.todos:,}", *(cost(each, stack) for stack in stacks)) for each in found],
    )


def ceilings(results: Results) -> Table:
    by_name = {each.operation: each for each in results.direct}
    return Table(
        "What nothing on this machine gets beyond, a second",
        "And how much of that Doable answers, with everything that a request has beside.",
        ("", "a second", "of which Doable"),
        [
            (CEILINGS[name], f"{most:,.0f}", f"{by_name[COMPARED[name]].rate(DOABLE.name) / most:.0%}")
            for name, most in results.ceilings.items()
        ],
    )


def memory(results: Results) -> Table:
    return Table(
        "Memory after the runs, in MiB",
        "What processes share is divided among them.",
        ("", "first process", "the others"),
        [
            (TITLES[stack], f"{first:.0f}", ", ".join(f"{worker:.0f}" for worker in workers))
            for stack, (first, *workers) in results.memory.items()
        ],
    )


def settings(results: Results) -> Table:
    return Table(
        "Pages a second of plain DRF by the setting of gunicorn",
        "The best of them is what Doable is compared with.",
        ("", "a second"),
        [(setting, f"{pages:,.0f}") for setting, pages in results.gunicorn.items()],
    )


def made_on(results: Results) -> str:
    """Return what has to be known of the machine and of what else it had to do."""
    rounds = [*results.direct, *results.behind_nginx, *results.moderate, *results.sizes]
    foreign = max(disturbance(each) for comparison in rounds for each in comparison.rounds)
    described = "; ".join(f"{name}: {text}" for name, text in results.machine.items())
    return f"Made on {results.made_on}. {described}. Others had at most {foreign:.0%} of the processors in any round."


def text(results: Results) -> str:
    """Return everything for a terminal."""
    return "\n".join((*(table.text for table in tables(results)), made_on(results), ""))


def markdown(results: Results) -> str:
    """Return everything for a page."""
    return "\n".join((*(table.markdown for table in tables(results)), made_on(results), ""))


def filled(page: str, results: Results) -> str:
    """Return a page with everything in the place that is marked for it, if there is one."""
    return PLACE.sub(lambda _: f"\n{markdown(results)}\n", page)


# --- cells ---------------------------------------------------------------------------------------


def rate(found: Comparison, stack: str) -> str:
    return f"{found.rate(stack):,.0f}" if found.runs(stack) else NOTHING


def times(ratio: Ratio | None) -> str:
    return f"{ratio.median:.1f} ({ratio.lowest:.1f}–{ratio.highest:.1f})" if ratio else NOTHING


def percent(ratio: Ratio | None) -> str:
    return f"{ratio.median:.0%} ({ratio.lowest:.0%}–{ratio.highest:.0%})" if ratio else NOTHING


def cost(found: Comparison, stack: str) -> str:
    if not found.runs(stack):
        return NOTHING
    parts = found.costs(stack).values()
    return f"{sum(parts):,.0f} ({' + '.join(f'{part:.0f}' for part in parts)})"


def latency(found: Comparison, stack: str) -> str:
    if not found.runs(stack):
        return NOTHING
    median, slowest = found.milliseconds(stack)
    return f"{median:.1f} / {slowest:.1f}"
