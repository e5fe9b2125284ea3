"""Node after node: emptied, worked upon, awaited, used again; the next one only when all is as before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orchestrate.errors import ExitCode
from orchestrate.model.report import CycleReport, Failure
from orchestrate.ports.clock import Clock
from orchestrate.views.summary import summary_sentence

_AGAIN_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeOperations:
    """The operations on a node, by its name.

    `clear` stops what `drain` could not move. `problems` says why the node is of no use now; empty: it is.
    `needed` says why the others could not do without it now.
    """

    needed: Callable[[str], str]
    converge: Callable[[], CycleReport]
    drain: Callable[[str], CycleReport]
    clear: Callable[[str], CycleReport]
    work: Callable[[str], Sequence[Failure]]
    problems: Callable[[str], str]
    release: Callable[[str], CycleReport]
    report: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """How long a node may take to come back, seconds, unless `stopped` is set meanwhile."""

    clock: Clock
    stopped: threading.Event
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """`done` are the nodes that are used again, `left` those that were not begun.

    `ended` says why it did not go on; empty: it did.
    """

    done: tuple[str, ...] = ()
    ended: str = ""
    left: tuple[str, ...] = ()
    exit_code: ExitCode = ExitCode.DONE


class _Ended(Exception):  # noqa: N818 - an end that is told, not an error of the program
    def __init__(self, reason: str, exit_code: ExitCode) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


def maintained(names: Sequence[str], site: NodeOperations, patience: Timeout) -> Maintenance:
    """Work on one node at a time. Services that were not as desired before do not stop it."""
    left, done = list(names), list[str]()
    try:
        known = _subjects(_sound(site.converge(), "before the first node"))
        while left:
            name = left[0]
            awaited = _told(name, site.needed, site)
            _await(awaited, patience, f"{name} was not begun")
            left.pop(0)
            _one(name, site, patience, known)
            done.append(name)
    except _Ended as end:
        return Maintenance(
            done=tuple(done), ended=str(end), left=tuple(left), exit_code=end.exit_code
        )
    return Maintenance(done=tuple(done))


def _one(name: str, site: NodeOperations, patience: Timeout, known: frozenset[str]) -> None:
    site.report(f"{name}: draining")
    _empty(name, site)
    site.report(f"{name}: empty, work begins")
    failure = next(iter(site.work(name)), None)
    if failure:
        raise _Ended(f'{_stays(name)}: "{failure.task}" failed: {failure.message}', ExitCode.FAILED)
    site.report(f"{name}: waiting until it can be used")
    _await(_told(name, site.problems, site), patience, _stays(name))
    released = _sound(site.release(name), f"{name} is used again")
    if _subjects(released) - known:
        raise _Ended(
            f"{name} is used again, but: {summary_sentence(released)}", ExitCode.NOT_AS_DESIRED
        )
    site.report(f"{name}: used again")


def _empty(name: str, site: NodeOperations) -> None:
    """Empty the node; a replica that can never move is stopped last, if its service can spare it."""
    drained = _sound(site.drain(name), f"{name} is being drained")
    if name not in drained.undrained:
        return
    obstacle = next((unmet for unmet in drained.unmet if unmet.holds_up == name), None)
    if obstacle:
        raise _Ended(
            f"{_stays(name)}: {obstacle.subject}: {obstacle.reason}", ExitCode.NOT_AS_DESIRED
        )
    cleared = _sound(site.clear(name), f"{name} is being drained")
    if name in cleared.undrained:
        raise _Ended(
            f"{name} could not be emptied: {summary_sentence(cleared)}", ExitCode.NOT_AS_DESIRED
        )


def _told(name: str, problem: Callable[[str], str], site: NodeOperations) -> Callable[[], str]:
    """The same question about the node; each new answer but the last is told."""
    said = ""

    def ask() -> str:
        nonlocal said
        reason = problem(name)
        if reason and reason != said:
            site.report(f"{name}: not yet: {reason}")
        said = reason
        return reason

    return ask


def _await(problem: Callable[[], str], patience: Timeout, otherwise: str) -> None:
    until = patience.clock.now() + patience.within_s
    while reason := problem():
        if patience.clock.now() >= until:
            raise _Ended(f"{otherwise}: {reason}", ExitCode.NOT_AS_DESIRED)
        if patience.stopped.wait(_AGAIN_S):
            raise _Ended(f"{otherwise}: stopped while waiting for it", ExitCode.STOPPED)


def _sound(report: CycleReport, when: str) -> CycleReport:
    if report.failures or report.was_stopped:
        raise _Ended(f"{when}: {summary_sentence(report)}", report.exit_code)
    return report


def _stays(name: str) -> str:
    return f"{name} stays drained (`orchestrate uncordon {name}` ends that)"


def _subjects(report: CycleReport) -> frozenset[str]:
    return frozenset(one.subject for one in report.unmet)
