"""desired x observed -> plan: the whole decision of a cycle, on paper.

The order of steps: what carries the replicas is repaired first; images are there before anything stops;
registrations and duplicates are put right; what is missing starts; then rollouts, one batch after the
other; then the proxies learn of new routes; what nobody wants any more goes last.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from orchestrate.model.observed import Observed
from orchestrate.model.plan import (
    Action,
    DeregisterReplica,
    Plan,
    PullImage,
    RemoveVolume,
    StartReplica,
    Step,
    Unmet,
)
from orchestrate.planner.desired import Desired
from orchestrate.planner.ledger import open_ledger
from orchestrate.planner.repairs import repairs
from orchestrate.planner.replica import volume_name
from orchestrate.planner.rollout import Unit, in_steps, steps, stop
from orchestrate.planner.routes import fingerprint, proxy_actions, routes
from orchestrate.planner.service import Scene, Work, work
from orchestrate.planner.sight import Seen, seen_by_service
from orchestrate.planner.silence import is_controller_suspect, silent, suspicion


def reconcile(desired: Desired, observed: Observed) -> Plan:
    """The steps that make the cluster as desired, and what they leave unmet. Pure; sorted."""
    quiet = tuple(silent(observed, desired.settings))
    if is_controller_suspect(observed, desired.settings):
        return Plan(unmet=(*quiet, suspicion(observed)))
    repaired, bare = repairs(observed)
    found, refused = routes(desired.projects)
    works = [_within(one, desired.limit) for one in _all_work(desired, observed)]
    replicas = tuple(_replica_steps(works))
    last = [unit for one in works for unit in one.last]
    planned = (
        *repaired,
        *_step("Pull images", _pulls(observed, replicas)),
        *_step("Forget registrations without a container", _ghosts(observed, replicas)),
        *replicas,
        *_step("Configure the proxies", proxy_actions(observed.nodes, fingerprint(found))),
        *steps("Stop", last),
        *_step("Remove volumes", _purges(desired, observed)),
    )
    unmet = chain(quiet, bare, refused, (reason for one in works for reason in one.unmet))
    return Plan(steps=_limited(planned, desired.limit), unmet=tuple(unmet), routes=found)


def _all_work(desired: Desired, observed: Observed) -> Iterator[Work]:
    """Every service of every project, and what is left of services that no file has any more."""
    ledger = open_ledger(observed.nodes)
    seen = dict(seen_by_service(observed))
    for project in desired.projects:
        for service in project.services:
            yield work(
                Scene(
                    project=project,
                    service=service,
                    seen=seen.pop((project.name, service.name), ()),
                    observed=observed,
                    ledger=ledger,
                    settings=desired.settings,
                )
            )
    known = {project.name for project in desired.projects}
    for (project_name, _), group in sorted(seen.items()):
        yield _orphans(group) if project_name in known else _strangers(group)


def _orphans(group: Sequence[Seen]) -> Work:
    reason = "its service is no longer in the file"
    return Work(last=[Unit(label=one.label, phases=((stop(one, reason, None),),)) for one in group])


def _strangers(group: Sequence[Seen]) -> Work:
    """Never touched: the journal may be the one that is wrong."""
    project = group[0].container.project
    reason = f"project {project} is not deployed here: `orchestrate down {project}` removes it"
    return Work(
        unmet=[Unmet(subject=f"{one.label} on {one.node.name}", reason=reason) for one in group]
    )


def _replica_steps(works: Sequence[Work]) -> Iterator[Step]:
    yield from steps("Put right", [unit for one in works for unit in one.at_once])
    yield from steps("Start", [unit for one in works for unit in one.starts])
    yield from in_steps(one.rollout for one in works)


def _pulls(observed: Observed, planned: Iterable[Step]) -> Iterator[PullImage]:
    """Every image that a start needs and its node lacks, once per node."""
    tags = {node.name: node.tags for node in observed.nodes}
    needed = {
        (action.node, action.replica.service.image)
        for step in planned
        for action in step.actions
        if isinstance(action, StartReplica)
    }
    for node, image in sorted(needed):
        if image not in tags[node]:
            yield PullImage(node=node, image=image, reason="not on the node")


def _ghosts(observed: Observed, planned: Iterable[Step]) -> Iterator[DeregisterReplica]:
    """Registrations whose container is gone, but for those that a start is about to renew."""
    renewed = {
        (action.node, action.replica.name)
        for step in planned
        for action in step.actions
        if isinstance(action, StartReplica)
    }
    for node in observed.nodes:
        present = {container.name for container in node.containers}
        for entry in node.registrations if node.is_readable else ():
            if entry.id not in present and (node.name, entry.id) not in renewed:
                label = f"{entry.meta.get('project')}/{entry.meta.get('service')}"
                yield DeregisterReplica(
                    node=node.name, id=entry.id, label=label, reason="its container is gone"
                )


def _purges(desired: Desired, observed: Observed) -> Iterator[RemoveVolume]:
    for project in desired.projects:
        if project.name not in desired.purged:
            continue
        names = [volume_name(project.name, volume.name) for volume in project.volumes]
        for node in observed.nodes:
            for name in names:
                if name in node.volumes:
                    reason = f"project {project.name} is removed with its volumes"
                    yield RemoveVolume(node=node.name, name=name, reason=reason)


def _step(title: str, actions: Iterable[Action]) -> tuple[Step, ...]:
    found = tuple(actions)
    return (Step(title=title, actions=found),) if found else ()


def _within(one: Work, limit: frozenset[str] | None) -> Work:
    """Under `--limit` a slot is done whole or not at all: half a replacement would lose a replica."""
    if limit is None:
        return one
    batches = [tuple(unit for unit in batch if unit.nodes <= limit) for batch in one.rollout]
    return dataclasses.replace(
        one,
        at_once=[unit for unit in one.at_once if unit.nodes <= limit],
        starts=[unit for unit in one.starts if unit.nodes <= limit],
        rollout=[batch for batch in batches if batch],
        last=[unit for unit in one.last if unit.nodes <= limit],
    )


def _limited(planned: Iterable[Step], limit: frozenset[str] | None) -> tuple[Step, ...]:
    kept = (
        dataclasses.replace(
            step,
            actions=tuple(one for one in step.actions if limit is None or one.node in limit),
        )
        for step in planned
    )
    return tuple(step for step in kept if step.actions)
