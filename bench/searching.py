"""Full-text search over 10,000 real documents: the search itself, and the whole page of it."""

from statistics import median, quantiles
from typing import Any

from bench.commands import told
from bench.report import BenchError, Figure
from bench.run import Run
from bench.sized import sized

FIGURES = ("search_10k", "search_10k_page", "search_10k_frequent")
DOCUMENTS, ROUNDS = 10_000, 20
QUERIES = (
    *("borrow checker", '"working group"', "async await", "release notes", "vim", "sqlite json"),
    *("postgres index", "cargo workspace", "lifetimes -async", "git rebase", "compiler team"),
    *("tag:vim search", "before:2019 rust", "author:niko", "sectio*", "notthere anywhere", "rust"),
    *("section:set-1 shell", "in:title release", "path:rust-blog security", "how to"),
)
"""As people type them; most of each kind find something."""
FREQUENT = ("rust", "the", "how to", "a of in")
"""Words that half of all documents have, or more."""


def measure(run: Run) -> list[Figure]:
    site = sized(run.folder, DOCUMENTS, 1).site
    task = {"queries": QUERIES, "frequent": FREQUENT, "rounds": ROUNDS}
    found = told(run, run.state(), site, ["-m", "bench.searching_node"], task)
    if found["statuses"] != [200]:
        raise BenchError(f"the search page answers {found['statuses']}")
    counted = f"{len(QUERIES)} queries, the best of {ROUNDS} rounds"
    return [
        _figure("search_10k", found["search"], counted),
        _figure("search_10k_page", found["page"], f"{counted}; made afresh, in one process"),
        _figure("search_10k_frequent", found["frequent"], ", ".join(FREQUENT)),
    ]


def _figure(name: str, times: list[list[float]], note: str) -> Figure:
    """The best round of each query: in the others it had to share the machine."""
    best = [min(each) for each in times]
    high: Any = quantiles(best, n=20)[-1]
    medians = median(median(each) for each in times)
    said = f"{note}; 95 of 100 under {high:.1f} ms; by the median round {medians:.1f} ms"
    return Figure(name=name, value=median(best), unit="ms", note=said)
