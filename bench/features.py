"""What features cost a request, switched on and switched off, in steps of Python's own machine."""

from dataclasses import replace

from bench.chosen import with_plugins
from bench.commands import told
from bench.hits import FEATURES, MISSING
from bench.report import Figure
from bench.run import Run

FIGURES = (
    *("steps_hit_bare", "steps_hit_ingress", "steps_hit_off", "steps_hit_on"),
    *("steps_not_modified", "steps_not_found", "steps_refused", "steps_miss"),
)
METRICS, LIMITS = "WHISPERCMS_METRICS", "WHISPERCMS_RATE_LIMITS"


def measure(run: Run) -> list[Figure]:
    """The same requests to a node with everything off, and to one with everything on."""
    site = with_plugins(run.site, run.folder, "features", "")
    ours, state = replace(run, site=site), run.state()
    arguments = ["-m", "bench.steps_node", site.page, MISSING]
    off = told(ours, state, site, arguments, settings={METRICS: "off", LIMITS: ""})
    on = told(ours, state, site, arguments, settings=FEATURES)
    base, alone = "steps_hit_bare", off["alone"]
    return [
        _figure(base, alone["page"], None, "a page from the cache, with nothing else"),
        _figure("steps_hit_ingress", off["ingress"]["page"], base, "with the ingress"),
        _figure(
            "steps_hit_off", off["node"]["page"], "steps_hit_ingress", "put together by the node"
        ),
        _figure("steps_hit_on", on["node"]["page"], base, "limits and metrics on"),
        _figure("steps_not_modified", alone["not_modified"], base, "nothing else"),
        _figure("steps_not_found", alone["not_found"], base, "from the cache, nothing else"),
        _figure(
            "steps_refused", on["node"]["wrong_method"], "steps_hit_on", "limits and metrics on"
        ),
        _figure("steps_miss", off["uncached"]["page"], base, "made afresh, without a cache"),
    ]


def _figure(name: str, value: int, of: str | None, note: str) -> Figure:
    return Figure(name=name, value=value, unit="steps", of=of, note=note)
