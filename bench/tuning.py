"""The best that plain DRF can do: the setting of gunicorn that answers most pages."""

from pathlib import Path

from bench.measure import Laboratory
from bench.operations import PAGE
from bench.processes import Group
from bench.stacks import DRF, WORKERS, Stack, gunicorn, served

COUNT = int(WORKERS)
SETTINGS = {
    f"sync, {COUNT} workers": gunicorn("sync", COUNT),
    f"sync, {2 * COUNT} workers": gunicorn("sync", 2 * COUNT),
    f"gthread, {COUNT} workers of 4 threads": gunicorn("gthread", COUNT, 4),
    f"gthread, {2 * COUNT} workers of 2 threads": gunicorn("gthread", 2 * COUNT, 2),
}


def pages_by_setting(laboratory: Laboratory, stores: tuple[Group, Group], logs: Path) -> dict[str, float]:
    """Return the pages a second of plain DRF under each setting."""
    found = {}
    for setting, command in SETTINGS.items():
        with served(DRF._replace(command=command), logs / "tuning.log", stores) as door:
            found[setting] = laboratory.compare({DRF.name: door}, PAGE, rounds=1).rate(DRF.name)
    return found


def tuned(pages: dict[str, float]) -> Stack:
    """Return plain DRF under its best setting."""
    return DRF._replace(command=SETTINGS[max(pages, key=lambda setting: pages[setting])])
