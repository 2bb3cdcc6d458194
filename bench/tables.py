"""Tables, for a terminal and for a page."""

from typing import NamedTuple


class Table(NamedTuple):
    """A heading, what the columns are, and the rows; a note says how to read them."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]

    @property
    def text(self) -> str:
        """Return the table for a terminal: the first column on the left, the numbers on the right."""
        widths = [max(map(len, column)) for column in zip(self.header, *self.rows, strict=True)]
        lines = [self._aligned(row, widths) for row in (self.header, *self.rows)]
        return "\n".join((self.title, *lines, ""))

    def _aligned(self, row: tuple[str, ...], widths: list[int]) -> str:
        first, *others = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return f"  {'  '.join((first, *others))}".rstrip()

    @property
    def markdown(self) -> str:
        line = ("---", *("---:" for _ in self.header[1:]))
        rows = "\n".join(f"| {' | '.join(row)} |" for row in (self.header, line, *self.rows))
        return f"### {self.title}\n\n{self.note}\n\n{rows}\n"
