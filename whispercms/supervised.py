"""What runs beside the requests and is supervised, and whom its supervisor tells."""

from functools import partial
from threading import Event
from time import monotonic
from typing import Final

from apps.extensions.containment.containment import Containment
from apps.runtime.components import Component
from apps.runtime.context import Context
from apps.runtime.events import EventBus
from apps.runtime.parts import guard
from apps.runtime.standing_file import read_standings, write_standings
from apps.runtime.supervision import Standing, Standings
from apps.runtime.supervisor import Supervisor
from apps.runtime.workers import Workers
from whispercms.facts import Couriers
from whispercms.reports import component_file, program_file

TOPIC: Final = "system.component"
SECONDS: Final = 2.0
"""Between two looks at the programs of `serve`."""


def tell(supervisor: Supervisor, bus: EventBus) -> None:
    """Each change of a state becomes an event, and the file that `bootreport` shows."""
    supervisor.observe(partial(publish, bus))
    supervisor.observe(lambda name, standing: _write(supervisor.standings()))


def publish(bus: EventBus, name: str, standing: Standing) -> None:
    bus.publish(f"{TOPIC}.{standing.state}", {"component": name, **standing.as_json()})


def follow_programs(bus: EventBus, ended: Event) -> None:
    """Tells of the programs of `serve`, which has no bus, as of the components of this process."""
    seen: Standings = {}
    while not ended.is_set():
        found = read_standings(program_file())
        for name in found.keys() - {name for name in seen if seen[name] == found.get(name)}:
            publish(bus, name, found[name])
        seen = found
        ended.wait(SECONDS)


def _write(standings: Standings) -> None:
    write_standings(component_file(), standings)


def _zygote(context: Context, ended: Event) -> None:
    workers = context.get(Workers)

    def alive() -> bool:
        workers.rest(monotonic())
        return workers.alive()

    guard(workers.start, alive, ended)


def _breakers(context: Context, ended: Event) -> None:
    guard(context.get(Containment).start, context.get(Containment).alive, ended)


def _subscribers(context: Context, ended: Event) -> None:
    guard(context.get(EventBus).revive, context.get(EventBus).alive, ended)


def _fact_log(context: Context, ended: Event) -> None:
    context.get(Couriers).log.run(ended)


def _fact_bus(context: Context, ended: Event) -> None:
    context.get(Couriers).bus.run(ended)


def _programs(context: Context, ended: Event) -> None:
    follow_programs(context.get(EventBus), ended)


BESIDE: Final = (
    Component(name="zygote", requires=("workers",), run=_zygote),
    Component(name="breakers", requires=("containment",), run=_breakers),
    Component(name="subscribers", requires=("events",), run=_subscribers),
    Component(name="programs", requires=("events",), run=_programs),
    Component(name="fact-log", requires=("events",), run=_fact_log),
    Component(name="fact-bus", requires=("subscribers",), run=_fact_bus),
)
"""Most have threads or processes of their own; what does not need them to run does not require
them."""
