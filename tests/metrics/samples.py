"""What /metrics shows, as Prometheus would read it."""

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.cast import URL

Labels = frozenset[tuple[str, str]]


class Samples(dict[tuple[str, Labels], float]):
    """The values of one reading, by name and labels; what is not there is 0."""

    @classmethod
    def read(cls, url: str = URL) -> "Samples":
        answer = requests.get(f"{url}/metrics", timeout=20)
        assert answer.status_code == 200, answer.text
        families = text_string_to_metric_families(answer.text)
        return cls({(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples})

    def of(self, name: str, **labels: str) -> float:
        return self.get((name, frozenset(labels.items())), 0)

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self}
