"""The figures as pictures."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.operations import PAGE
from bench.results import Comparison
from bench.stacks import STACKS

COLORS = dict(
    zip([stack.name for stack in STACKS], ("#1b6e4b", "#b5443c", "#c98a1b", "#4a6fb5", "#777777"), strict=True)
)
TITLES = {stack.name: stack.title for stack in STACKS}
COST = "microseconds of a processor for one request"


def draw_sizes(found: list[Comparison], path: Path) -> None:
    """Draw what a page costs against how many todos there are; hollow are those of the person who has most of them."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for stack in [stack for stack in TITLES if found[0].runs(stack)]:
        for of_busiest in (False, True):
            some = [each for each in found if (each.operation != PAGE.name) == of_busiest]
            axes.plot(
                [each.todos for each in some],
                [sum(each.costs(stack).values()) for each in some],
                color=COLORS[stack],
                marker="o",
                markerfacecolor="white" if of_busiest else COLORS[stack],
                label=None if of_busiest else TITLES[stack],
            )
    title = "A page of 50 as data grows; hollow: of the person with most todos"
    axes.set(xscale="log", xlabel="todos in the database", ylabel=COST, title=title)
    axes.set_ylim(bottom=0)
    finish(figure, axes, path)


def draw_costs(found: list[Comparison], path: Path) -> None:
    """Draw what each request costs, a bar for each stack."""
    figure = Figure(figsize=(8, 10), layout="constrained")
    axes = figure.subplots()
    height = 0.8 / len(STACKS)
    for place, stack in enumerate(TITLES):
        rows = [(row, each) for row, each in enumerate(found) if each.runs(stack)]
        bars = axes.barh(
            [row + (place - len(STACKS) / 2 + 0.5) * height for row, _ in rows],
            [sum(each.costs(stack).values()) for _, each in rows],
            height,
            color=COLORS[stack],
            label=TITLES[stack],
        )
        axes.bar_label(bars, fmt="%.0f", padding=2, fontsize=7)
    axes.set(xlabel=COST, title="What one request costs: application, PostgreSQL and Redis")
    axes.set_yticks(range(len(found)), [each.title for each in found])
    axes.invert_yaxis()
    finish(figure, axes, path)


def finish(figure: Figure, axes: Axes, path: Path) -> None:
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
    axes.legend()
    figure.savefig(path, dpi=110, metadata={"Software": None})
