"""Runs the cases of a plugin in its confined worker: event in, proposals out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from apps.content.rendering import Renderer
from apps.extensions.asking import Answer, Emission, Round
from apps.extensions.containment.containment import Containment
from apps.extensions.loading import CHECK_SECONDS, enabled_plugin
from apps.extensions.manifests import check_settings
from apps.extensions.registry import EnabledPlugin
from apps.extensions.settling import Ready
from apps.extensions.workshop import samples
from apps.extensions.workshop.bodies import rendered
from apps.extensions.workshop.cases import Placed, PluginCase
from apps.extensions.workshop.checking import ready, spec_of
from apps.extensions.workshop.notation import line
from apps.extensions.workshop.results import Result, difference, refusal
from apps.runtime.workers import Workers

Trial = tuple[Placed, PluginCase, str]
"""A case with its body."""


def try_plugin(
    plugin: Ready, cases: Sequence[Placed], workers: Workers, renderer: Renderer
) -> list[Result]:
    """In the order of `cases`."""
    given = [(placed, c) for placed in cases if isinstance(c := placed.case, PluginCase)]
    bodies = rendered([case.markdown for _, case in given], renderer)
    trials = [
        (placed, case, case.html or body or "")
        for (placed, case), body in zip(given, bodies, strict=True)
    ]
    trials.sort(key=_settings)
    results = [
        result
        for _, group in groupby(trials, _settings)
        for result in _with_settings(plugin, list(group), workers)
    ]
    return sorted(results, key=lambda result: (result.path, result.line))


def _settings(trial: Trial) -> str:
    return json.dumps(trial[1].settings, sort_keys=True)


def _with_settings(plugin: Ready, trials: list[Trial], workers: Workers) -> Iterator[Result]:
    """A worker is started with its settings, so cases with the same ones share it."""
    given = trials[0][1].settings
    _, wrong = check_settings(plugin.manifest, given)
    configured = ready(plugin.files, plugin.manifest, given)
    pool = workers.pool(replace(spec_of(configured), size=1))
    enabled = enabled_plugin(configured, pool, None)
    try:
        for placed, case, body in trials:
            failures = tuple(f"settings: {each}" for each in wrong)
            failures = failures or _judged(case, _asked(enabled, case, body))
            yield Result(path=placed.path, line=placed.line, name=case.name, failures=failures)
    finally:
        pool.close()


def _asked(plugin: EnabledPlugin, case: PluginCase, body: str) -> Answer | None:
    """None where the plugin does not subscribe to it."""
    emission = Emission(case.event, _event(case, body))
    answers = Round(Containment(), "", CHECK_SECONDS).ask([plugin], [emission])
    return answers[0] if answers else None


def _event(case: PluginCase, body: str) -> dict[str, Any]:
    sections: dict[str, Any] = samples.event(case.event)
    given = {name: fields for name, fields, _ in case.sections()}
    event = {name: {**sample, **given[name]} for name, sample in sections.items()}
    for section in ("request", "response"):
        if section in event:
            headers = event[section].get("headers", {})
            event[section]["headers"] = {name.lower(): text for name, text in headers.items()}
    if "content" in event:
        event["content"]["body"] = body
    return event


def _judged(case: PluginCase, answer: Answer | None) -> tuple[str, ...]:
    if answer is None:
        return (f"the manifest does not subscribe to {case.event}",)
    if case.refused is not None:
        return refusal(case.refused, answer.failures)
    if answer.failures:
        return tuple(f"refused: {reason}" for reason in answer.failures)
    return difference(map(line, case.proposals), map(line, answer.proposals))
