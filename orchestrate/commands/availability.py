"""Which nodes take replicas: kept in the journal, and obeyed by every cycle, whoever runs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from orchestrate.adapters.clock import SystemClock
from orchestrate.commands.converge import converge
from orchestrate.commands.session import Session
from orchestrate.errors import SettingsError, StoppedError
from orchestrate.model.node import Availability
from orchestrate.model.report import CycleReport
from orchestrate.ports.clock import Clock

_AGAIN_S = 10


def matching(session: Session, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the nodes that Ansible's patterns match; SettingsError for a pattern that matches none."""
    inventory = session.inventory
    nodes = {node.name for node in inventory.nodes}
    found: set[str] = set()
    for pattern in patterns:
        names = nodes.intersection(inventory.hosts(pattern))
        if not names:
            raise SettingsError(f"{pattern!r} matches no node")
        found |= names
    return tuple(sorted(found))


def mark(
    session: Session,
    names: Sequence[str],
    availability: Availability,
    drained_by: float | None = None,
) -> None:
    """Note the availability for the cycles to come. `drained_by`: seconds since the epoch."""
    with session.journal() as store:
        records = store.read().marked(names, availability, drained_by).nodes
        store.save_nodes({name: records[name] for name in names})


def drained(session: Session, names: Sequence[str], deadline_s: float | None) -> CycleReport:
    """Drain these nodes: by one cycle, or by as many as the deadline allows."""
    clock = SystemClock()
    until = None if deadline_s is None else clock.now() + deadline_s
    mark(session, names, "draining", until)
    if until is None:
        return converge(session)
    return until_empty(lambda: converge(session), until, clock, session.stopped)


def until_empty(
    cycle: Callable[[], CycleReport], until: float, clock: Clock, stopped: threading.Event
) -> CycleReport:
    """Cycle after cycle, until what is drained is empty; the last one at `until` (since the epoch)."""
    while True:
        is_last = clock.now() >= until
        report = cycle()
        if is_last or report.was_stopped or not report.undrained:
            return report
        if stopped.wait(min(_AGAIN_S, max(until - clock.now(), 0))):
            names = ", ".join(report.undrained)
            raise StoppedError(
                f"Stopped waiting. Every cycle goes on to drain {names}: "
                "`orchestrate uncordon` ends that."
            )
