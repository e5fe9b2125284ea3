"""desired x observed -> plan: the whole decision of a cycle, on paper.

What was superseded while its node was away stops before anything is done with that node. New hosts are
provisioned next, and all else is planned when it is known what they have room for. The order of steps: what
carries the replicas is repaired; images are there before anything else stops; registrations are put right;
what comes is let into its networks; what is missing starts; then rollouts, one batch after the other, both
first for what others depend on; then the proxies learn of new routes; what nobody wants any more goes; and
when all that is done, who still fits nowhere pushes out who is less important. The networks forget who went;
nodes that leave follow. Planning follows the same order, so that nothing takes the room, port or volume of
what is still there at that moment.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from orchestrate.model.desired import Desired
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.plan import Plan, Replica, Step, Unmet
from orchestrate.model.spec import Project
from orchestrate.planner.containers.housekeeping import orphaned_registrations, pulls, purges
from orchestrate.planner.containers.replica import wanted_replica
from orchestrate.planner.contention.pending import resolve_pending
from orchestrate.planner.contention.rebalance import rebalance
from orchestrate.planner.gateway.ports import hindered, published
from orchestrate.planner.gateway.routes import configuration, proxy_actions, routes
from orchestrate.planner.networks.policy import policies
from orchestrate.planner.nodes.leaving import departures, is_emptied
from orchestrate.planner.nodes.peers import unaware
from orchestrate.planner.nodes.pool.resize import resize_pool
from orchestrate.planner.nodes.provisioning import provisioning
from orchestrate.planner.nodes.repairs import repairs
from orchestrate.planner.nodes.unreachable import guard, unreachable
from orchestrate.planner.placement.ledger import Ledger, open_ledger
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.dependencies import Gate, by_importance
from orchestrate.planner.services.replacement import roll, stop
from orchestrate.planner.services.work import Work, work
from orchestrate.planner.snapshot import ObservedReplica, replicas_by_service, unreadable_in
from orchestrate.planner.steps import Unit, limited, numbered, one_step, unit_steps


def reconcile(desired: Desired, seen: Observed) -> Plan:
    """The steps that make the cluster as desired, and what they leave unmet. Pure; sorted."""
    observed = dataclasses.replace(
        seen, nodes=tuple(sorted(seen.nodes, key=lambda node: node.name))
    )
    quiet = tuple(unreachable(observed, desired.settings))
    if suspect := tuple(guard(observed, desired.settings)):
        return Plan(unmet=(*quiet, *suspect))
    coming = provisioning(desired, observed)
    return _reconciled(desired, observed, dataclasses.replace(coming, unmet=quiet))


def _reconciled(desired: Desired, observed: Observed, coming: Plan) -> Plan:
    """`coming` is what is done about new hosts, and says of which nodes nothing is known."""
    repaired, bare = repairs(observed, desired.unrepaired)
    parting = departures(observed, desired, desired.unrepaired)
    mendable = [*_mendable(desired, observed)]
    found, refused = routes(desired.projects, observed.nodes)
    ports, clashing = published(desired.projects, observed.nodes)
    opened = partial(_opened, desired, observed, [port.published for port in ports])
    ledger = opened()
    works = tuple(_all_work(desired, observed, ledger))
    superseded = tuple(_superseded(works, desired.limit))
    if coming.steps:
        return dataclasses.replace(coming, steps=(*superseded, *coming.steps))
    is_sound = not (coming.unmet or repaired or parting.steps)
    if desired.rebalances and is_sound and all(one.is_done or one.is_foreign for one in works):
        works = (*works, *_evened_out(works, opened()))
    replicas, stuck = _replica_steps(works, ledger, desired.limit)
    last = tuple(_last_steps(works, desired.limit))
    before = (*superseded, *replicas, *last)
    room = resolve_pending(works, before, ledger, opened, desired.limit)
    orphans = orphaned_registrations(desired, observed, (*replicas, *room.steps))
    reach = policies(observed, mendable, desired.projects, (*before, *room.steps))
    planned = (
        *superseded,
        *repaired,
        *one_step("Say which nodes there are", unaware(observed, desired.unrepaired)),
        *one_step("Pull images", pulls(observed, (*replicas, *room.steps))),
        *one_step("Forget registrations without a container", orphans),
        *one_step("Say who may reach whom", reach.before),
        *replicas,
        *one_step("Configure the proxies", proxy_actions(mendable, configuration(found, ports))),
        *last,
        *room.steps,
        *one_step("Say who may reach whom", reach.after),
        *one_step("Remove volumes", purges(desired, observed)),
        *parting.steps,
    )
    kept = tuple(numbered(limited(planned, desired.limit)))
    barred = (*clashing, *hindered(ports, desired.projects, observed.nodes))
    told = (bare, refused, barred, *(one.unmet for one in works), stuck, parting.unmet)
    unschedulable = (*room.unschedulable, *_unschedulable(works))
    hosts, too_early = resize_pool(desired, observed, unschedulable, kept)
    return dataclasses.replace(
        coming,
        steps=(*kept, *hosts),
        unmet=(*coming.unmet, *chain(*told), *room.unmet, *too_early),
        departed=parting.departed,
    )


def _mendable(desired: Desired, observed: Observed) -> Iterator[ObservedNode]:
    for node in observed.nodes:
        if node.name not in desired.unrepaired and not is_emptied(node):
            yield node


def _opened(desired: Desired, observed: Observed, proxied: Collection[int]) -> Ledger:
    """The ledger as it is."""
    services, settings = _services(desired), desired.settings
    return open_ledger(observed.nodes, services, desired.unrepaired, proxied, settings.strategy)


def _services(desired: Desired) -> frozenset[tuple[str, str]]:
    return frozenset(
        (project.name, service.name) for project in desired.projects for service in project.services
    )


def _all_work(desired: Desired, observed: Observed, ledger: Ledger) -> Iterator[Work]:
    """Every service of every project, and what is left of services that no file has any more."""
    seen = {
        key: group
        for key, group in replicas_by_service(observed).items()
        if key[0] not in desired.failed
    }
    projects = {one.name: one for one in desired.projects if one.name not in desired.failed}
    hidden = unreadable_in(observed)
    gates = {
        name: Gate(project=project, hidden=hidden, limit=desired.limit)
        for name, project in projects.items()
    }
    for project, service, level in by_importance(projects.values()):
        gate = gates[project.name]
        scene = ServiceContext(
            project=project,
            service=service,
            first=wanted_replica(project, service, 1),
            seen=seen.pop((project.name, service.name), ()),
            observed=observed,
            hidden=hidden,
            ledger=ledger,
            settings=desired.settings,
            waits_for=gate.waits_for(service),
            limit=desired.limit,
        )
        done = dataclasses.replace(work(scene), level=level)
        gate.note(service, scene.seen, done)
        yield done
    for (name, service_name), group in sorted(seen.items()):
        level_then = desired.leaving.get(name, {}).get(service_name, 0)
        yield _orphans(projects[name], group, level_then) if name in projects else _strangers(group)
    for name, reason in sorted(desired.failed.items()):
        yield Work(unmet=[Unmet(subject=name, reason=reason)])


def _unschedulable(works: Iterable[Work]) -> Iterator[Replica]:
    """What of the rollouts only another node would take."""
    return chain.from_iterable(one.rollout.unschedulable for one in works)


def _evened_out(works: Iterable[Work], ledger: Ledger) -> Iterator[Work]:
    """One of no service moves before another: all of them are as desired, and stay so."""
    for rollout in rebalance(chain(*(one.settled for one in works)), ledger):
        yield Work(rollout=rollout)


def _orphans(project: Project, group: Sequence[ObservedReplica], level: int) -> Work:
    reason = (
        "its service is no longer in the file" if project.services else "its project is removed"
    )
    stops = [Unit(label=one.label, phases=((stop(one, reason, None),),)) for one in group]
    return Work(level=level, last=stops)


def _strangers(group: Sequence[ObservedReplica]) -> Work:
    """Never touched: the journal may be the one that is wrong."""
    project = group[0].container.project
    reason = f"project {project} is not deployed here: `orchestrate down {project}` removes it"
    return Work(
        unmet=[Unmet(subject=f"{one.label} on {one.node.name}", reason=reason) for one in group],
        is_foreign=True,
    )


def _replica_steps(
    works: Sequence[Work], ledger: Ledger, limit: frozenset[str] | None
) -> tuple[list[Step], list[Unmet]]:
    """The steps, and what of the rollouts has nowhere to go."""
    planned = [*unit_steps("Put right", [unit for one in works for unit in one.at_once], limit)]
    stuck: list[Unmet] = []
    for level in sorted({one.level for one in works}):
        these = [one for one in works if one.level == level]
        planned += unit_steps("Start", [unit for one in these for unit in one.starts], limit)
        waves, left = roll([one.rollout for one in these], ledger, limit)
        planned += [step for wave in waves for step in unit_steps("Replace", wave)]
        stuck += left
    return planned, stuck


def _superseded(works: Sequence[Work], limit: frozenset[str] | None) -> Iterator[Step]:
    yield from unit_steps("Stop", [unit for one in works for unit in one.superseded], limit)


def _last_steps(works: Sequence[Work], limit: frozenset[str] | None) -> Iterator[Step]:
    """What depends on others goes before them."""
    for level in sorted({one.level for one in works}, reverse=True):
        units = [unit for one in works if one.level == level for unit in one.last]
        yield from unit_steps("Stop", units, limit)
