"""The report of a cycle."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrate.errors import ExitCode
from orchestrate.model.plan import Action, Plan, Step, Unmet


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed task of a node.

    `step` is the title of its step, empty before the first; `action` the action that failed, None where
    any of the node's may have.
    """

    node: str
    task: str
    message: str
    step: str = ""
    action: Action | None = None
    is_unreachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one `ansible-playbook` process. `completed` holds the titles of the steps it finished."""

    completed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    cancelled: bool = False
    changed: bool = False

    @property
    def is_ok(self) -> bool:
        return not self.failures and not self.cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleReport:
    """`plans` were carried out one after the other; `unmet` and `undone` are what is still not as desired.

    `withdrawn` names the project whose new file was taken back, as nothing of it could begin; `undrained`
    the nodes that are being drained and are not, or not known to be, empty.
    """

    plans: tuple[Plan, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    undone: tuple[Step, ...] = ()
    replicas: int = 0
    nodes: int = 0
    withdrawn: str = ""
    undrained: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(one for outcome in self.outcomes for one in outcome.failures)

    @property
    def changed(self) -> bool:
        return any(outcome.changed for outcome in self.outcomes)

    @property
    def was_stopped(self) -> bool:
        return any(outcome.cancelled for outcome in self.outcomes)

    @property
    def exit_code(self) -> ExitCode:
        if self.was_stopped:
            return ExitCode.STOPPED
        if any(not outcome.is_ok for outcome in self.outcomes):
            return ExitCode.FAILED
        return ExitCode.NOT_AS_DESIRED if self.unmet or self.undone else ExitCode.DONE
