"""Starts that failed lately: the nodes on which they did are the last that one like them is placed on.

They outlive a cycle in the journal, for as long as a few turns of a cron job: what fails in one turn is tried
elsewhere in the next. Another revision of the service starts with a clean sheet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from orchestrate.model.journal import FailedStart
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.record import StartKey
from orchestrate.model.plan import Action, Plan, PullImage, StartReplica
from orchestrate.model.report import Outcome
from orchestrate.planner.outcomes.attribution import failed_actions

_LATELY_S = 900.0
_MOST = 1000
"""The journal holds no more of them; one of Consul's records has an end."""


def noted(
    known: Iterable[FailedStart], plan: Plan, outcome: Outcome, at: float
) -> tuple[FailedStart, ...]:
    """Return the failed starts that count: the known ones but for the oldest, and those of this run."""
    failed = {
        FailedStart(
            node=start.node,
            project=start.replica.project,
            service=start.replica.service.name,
            revision=start.replica.revision,
            at=at,
        )
        for action in failed_actions(plan, outcome)
        for start in _starts(action, plan)
    }
    new = sorted(failed, key=lambda one: (one.node, one.project, one.service))
    return (*_recent(known, at), *new)[-_MOST:]


def failed_lately(known: Iterable[FailedStart], at: float) -> Mapping[str, Mapping[StartKey, int]]:
    """Node -> how often which attempt failed there."""
    found: dict[str, Counter[StartKey]] = defaultdict(Counter)
    for one in _recent(known, at):
        found[one.node][one.project, one.service, one.revision] += 1
    return found


def by_attempt(nodes: Iterable[ObservedNode]) -> Mapping[StartKey, Mapping[str, int]]:
    """The other way round: attempt -> how often it failed on which node."""
    found: dict[StartKey, dict[str, int]] = defaultdict(dict)
    for node in nodes:
        for attempt, count in node.record.failed.items():
            found[attempt][node.name] = count
    return found


def _recent(known: Iterable[FailedStart], at: float) -> Iterator[FailedStart]:
    """Another controller's clock may go before ours."""
    return (one for one in known if abs(at - one.at) < _LATELY_S)


def _starts(action: Action, plan: Plan) -> Iterator[StartReplica]:
    """Yield the starts that fail with an action: nothing starts from an image that cannot be pulled."""
    match action:
        case StartReplica():
            yield action
        case PullImage():
            yield from (
                start
                for start in plan.starts
                if (start.node, start.replica.service.image) == (action.node, action.image)
            )
        case _:
            pass
