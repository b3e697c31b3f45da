"""Samples of several processes as one answer: numbers add up. Pure."""

from collections.abc import Iterable

from whispercms.metrics.families import Family, Kind, Labels, Number, Sample

Key = tuple[Family, Labels]


def added(*of_processes: Iterable[Sample]) -> list[Sample]:
    sums: dict[Key, Number] = {}
    for samples in of_processes:
        for each in samples:
            key = each.family, each.labels
            sums[key] = sums[key] + each.value if key in sums else each.value  # type: ignore[operator]
    return [Sample(*key, value) for key, value in sums.items()]


def lasting(samples: Iterable[Sample]) -> list[Sample]:
    """What is true of a process after its end: what it did, not how it stood."""
    return [each for each in samples if each.family.kind is not Kind.GAUGE]


class Rising:
    """Counters whose owners come and go with the versions of extensions: what they had counted
    stays counted."""

    def __init__(self) -> None:
        self._last: dict[Key, float] = {}
        self._gone: dict[Key, float] = {}

    def raised(self, samples: Iterable[Sample]) -> list[Sample]:
        """Those of now, and of all that were here before."""
        now = {(each.family, each.labels): each.value for each in samples}
        for key, last in self._last.items():
            current = now.get(key, 0.0)
            if isinstance(current, float | int) and current < last:
                self._gone[key] = self._gone.get(key, 0.0) + last
        self._last = {key: float(v) for key, v in now.items() if isinstance(v, float | int)}
        return [
            Sample(*key, self._last.get(key, 0.0) + self._gone.get(key, 0.0))
            for key in {**self._gone, **self._last}
        ]
