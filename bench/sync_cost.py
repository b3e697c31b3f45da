"""Sync cost follows the change: a commit of one file at three sizes of site, held against bare Git;
and a full sync, by stage."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from bench.commands import told
from bench.report import Figure
from bench.run import Run
from bench.sized import sized

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
FULL = "10k"
FIGURES = (
    *(name for size in SIZES for name in (f"sync_one_{size}", f"fetch_diff_{size}")),
    f"sync_full_{FULL}",
)
EDITS = 20


def measure(run: Run) -> list[Figure]:
    figures = []
    for size, count in SIZES.items():
        found = _node(run, count)
        figures += _one(size, found["rounds"])
        if size == FULL:
            figures.append(_full(f"sync_full_{size}", found["full"]))
    return figures


def _node(run: Run, count: int) -> dict[str, Any]:
    site = sized(run.folder, count, EDITS)
    task = {"remote": str(site.site.remote), "edited": site.edited}
    return told(run, run.state(), site.site, ["-m", "bench.warm"], task)


def _one(size: str, rounds: Sequence[dict[str, Any]]) -> list[Figure]:
    """The ratio is of the medians; each round's own is in the note."""
    base = f"fetch_diff_{size}"
    ratios = sorted(each["served"] / each["git"] for each in rounds)
    stages = ", ".join(
        f"{stage} {median(each['stages'].get(stage, 0.0) for each in rounds):.1f}"
        for stage in rounds[0]["stages"]
    )
    spread = f"{len(rounds)} commits, each {ratios[0]:.2f} to {ratios[-1]:.2f}"
    fetch = median(each["git_fetch"] for each in rounds)
    return [
        Figure(
            name=f"sync_one_{size}",
            value=median(each["served"] for each in rounds),
            unit="ms",
            of=base,
            note=f"{spread}; {stages}",
        ),
        Figure(
            name=base,
            value=median(each["git"] for each in rounds),
            unit="ms",
            note=f"git fetch {fetch:.1f}, the rest git diff-tree",
        ),
    ]


def _full(name: str, report: dict[str, Any]) -> Figure:
    """Documents per second, of the whole and of each stage alone."""
    count, seconds = report["parsed"], report["seconds"]
    stages = ", ".join(
        f"{stage} {count / took:,.0f}" for stage, took in seconds.items() if took > 0
    )
    whole = sum(seconds.values())
    note = f"{count:,} documents in {whole:.1f} s; {stages}"
    return Figure(name=name, value=count / whole, unit="docs/s", note=note)
