"""Where the figures are kept: as data, as a page, as pictures."""

import json

import msgspec

from bench import plot, report
from bench.results import Results
from local.choices import CLONE
from local.fault import Fault

FOLDER = CLONE / "bench" / "results"
DATA = FOLDER / "results.json"
PICTURES = CLONE / "docs" / "performance"
PAGE = CLONE / "docs" / "performance.md"


def keep(results: Results) -> None:
    """Write the data, the tables and the pictures; also into the page of the documentation, where it has a place."""
    FOLDER.mkdir(exist_ok=True)
    DATA.write_text(json.dumps(msgspec.to_builtins(results), indent=1) + "\n")
    (FOLDER / "results.md").write_text(report.markdown(results))
    if PAGE.exists():
        PAGE.write_text(report.filled(PAGE.read_text(), results))
    PICTURES.mkdir(exist_ok=True)
    plot.draw_sizes(results.sizes, PICTURES / "size.png")
    plot.draw_costs(results.direct, PICTURES / "cost.png")


def kept() -> Results:
    """Return what the last call has kept; raise Fault where there is nothing."""
    if not DATA.exists():
        raise Fault("nothing has been measured yet; leave --redraw out")
    return msgspec.json.decode(DATA.read_bytes(), type=Results)
