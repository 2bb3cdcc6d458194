"""What Prometheus reads at /metrics: what the processes have counted, and what PostgreSQL knows at that moment."""

import inspect
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.module_loading import import_string
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from app.ops.metrics import FOLDER, counted, ledger
from app.ops.patience import ask


@extend_schema(exclude=True)
class Metrics(APIView):
    """Shows all metrics; nginx lets operators alone ask for them."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - DRF's signature
        ledger.settle()
        shown = CollectorRegistry()
        shown.register(processes())
        shown.register(Database())
        return HttpResponse(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)


def processes() -> Collector:
    """Return what all processes of the server have counted, or this one where each counts for itself."""
    if FOLDER is None:
        return counted
    for path in Path(FOLDER).glob("gauge_live*.db"):
        pid = path.stem.rpartition("_")[2]
        if not Path("/proc", pid).exists():
            mark_process_dead(pid)  # type: ignore[no-untyped-call]  # has no types
    return MultiProcessCollector(None)  # type: ignore[no-untyped-call]  # has no types


class Database(Collector):
    """Asks PostgreSQL for what the settings name (GAUGES), and says whether it has answered."""

    def collect(self) -> Iterator[Metric]:
        found = ask(gauges)
        yield GaugeMetricFamily("doable_database_up", "Whether PostgreSQL has answered.", float(found is not None))
        yield from found or ()


def gauges() -> list[Metric]:
    return [gauge(name, label, source) for name, (label, source) in settings.GAUGES.items()]


def gauge(name: str, label: str, source: str) -> Metric:
    """Return a metric as its source knows it, which says in its docstring what it is."""
    find = import_string(source)
    shown = GaugeMetricFamily(name, str(inspect.getdoc(find)).partition("\n")[0], labels=[label] if label else [])
    found = find()
    for value, number in found.items() if label else [("", found)]:
        shown.add_metric([value] if label else [], float(number))
    return shown
