"""desired x observed -> plan: the whole decision of a cycle, as a tuple of stages over a draft.

The order of planning is that of the stages, the order of carrying out is that of `Section`: superseded
replicas stop before anything else is done with their node; new hosts are provisioned next, and the rest is
planned when their room is known. Then the parts that carry replicas are repaired, images pulled,
registrations and network policies put right; missing replicas start, rollouts follow batch by batch, services
first that others depend on; proxies get new routes; unwanted replicas stop; what still fits nowhere preempts
less important replicas; nodes that leave are retired, and the node pool grows or shrinks last. Planning keeps
to the same order, so that nothing takes the room, port or volume of what is still there at that moment.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import chain

from orchestrate.model.attempt import Attempt
from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import Plan, Unmet
from orchestrate.model.scope import Scope
from orchestrate.planner.containers.housekeeping import orphaned_registrations, pulls, purges
from orchestrate.planner.contention.pending import resolve_pending
from orchestrate.planner.contention.rebalance import rebalance
from orchestrate.planner.draft import Draft, Gateway, Section
from orchestrate.planner.gateway.ports import hindered, published
from orchestrate.planner.gateway.routes import configuration, proxy_actions, routes
from orchestrate.planner.networks.policy import policies
from orchestrate.planner.nodes.leaving import departures, is_emptied
from orchestrate.planner.nodes.peers import unaware
from orchestrate.planner.nodes.pool.grow import grow
from orchestrate.planner.nodes.pool.shrink import shrink
from orchestrate.planner.nodes.provisioning import provisioning
from orchestrate.planner.nodes.repairs import repairs
from orchestrate.planner.nodes.unreachable import guard, unreachable
from orchestrate.planner.services.replacement import Rollout, roll
from orchestrate.planner.services.work import Work
from orchestrate.planner.services.works import all_works

Stage = Callable[[Draft], None]
_DEPARTED = "has left; `orchestrate converge` removes what Consul and the journal say of it"


def reconcile(
    desired: Desired,
    observed: Observed,
    attempt: Attempt = Attempt(),
    scope: Scope = Scope(),
) -> Plan:
    """The steps that make the cluster as desired, and what they leave unmet. Pure; sorted."""
    nodes = tuple(sorted(observed.nodes, key=lambda node: node.name))
    draft = Draft(
        desired=desired,
        observed=dataclasses.replace(observed, nodes=nodes),
        attempt=attempt,
        scope=scope,
    )
    for stage in STAGES:
        stage(draft)
        if draft.is_complete:
            break
    return draft.finished()


def report_unreachable(draft: Draft) -> None:
    """Name the silent nodes; where so many are silent that the controller is suspect, change nothing."""
    settings = draft.desired.settings
    suspicions = list(guard(draft.observed, settings))
    draft.unmet += [*unreachable(draft.observed, settings), *suspicions]
    draft.is_complete = bool(suspicions)


def plan_gateway(draft: Draft) -> None:
    """Routes and published ports follow from the projects; the proxies get them in a later stage."""
    projects, nodes = draft.desired.projects, draft.observed.nodes
    found, refused = routes(projects, nodes)
    ports, clashing = published(projects, nodes)
    draft.gateway = Gateway(
        configuration=configuration(found, ports),
        unmet=(*refused, *clashing, *hindered(ports, projects, nodes)),
    )


def assess_services(draft: Draft) -> None:
    given = draft.desired, draft.attempt, draft.scope, draft.observed
    draft.works = tuple(all_works(*given, draft.ledger))
    units = [unit for work in draft.works for unit in work.superseded]
    draft.add_units(Section.SUPERSEDED, "Stop", units)


def provision_hosts(draft: Draft) -> None:
    """Provision new hosts, and leave the rest for the plan that knows what they have room for."""
    coming = provisioning(draft.observed, draft.attempt, draft.scope)
    draft.add(Section.PROVISIONING, coming.steps)
    draft.plan = dataclasses.replace(
        draft.plan, hosts=coming.hosts, silent=coming.silent, leaving=coming.leaving
    )
    if coming.steps:
        draft.is_complete = True


def repair_nodes(draft: Draft) -> None:
    steps, bare = repairs(draft.observed.nodes, draft.attempt.unrepaired)
    draft.add(Section.REPAIRS, steps)
    draft.unmet += bare


def update_peers(draft: Draft) -> None:
    actions = unaware(draft.observed, draft.repairable)
    draft.add_step(Section.PEERS, "Update peers", actions)


def configure_proxies(draft: Draft) -> None:
    nodes = [node for node in draft.repairable if not is_emptied(node)]
    actions = proxy_actions(nodes, draft.gateway.configuration)
    draft.add_step(Section.PROXIES, "Configure the proxies", actions)
    draft.unmet += draft.gateway.unmet


def change_replicas(draft: Draft) -> None:
    """Start what is missing and roll out what differs, level by level; stop what is not wanted any more."""
    works = draft.works
    draft.unmet += chain(*(work.unmet for work in works))
    draft.add_units(
        Section.REPLICAS, "Put right", [unit for work in works for unit in work.at_once]
    )
    for level in sorted({work.level for work in works}):
        these = [work for work in works if work.level == level]
        starts = [unit for work in these for unit in work.starts]
        draft.add_units(Section.REPLICAS, "Start", starts)
        _roll(draft, [work.rollout for work in these])
    for level in sorted({work.level for work in works}, reverse=True):
        stops = [unit for work in works if work.level == level for unit in work.last]
        draft.add_units(Section.STOPS, "Stop", stops)


def _roll(draft: Draft, rollouts: Sequence[Rollout]) -> None:
    waves, stuck = roll(rollouts, draft.ledger, draft.scope)
    for wave in waves:
        draft.add_units(Section.REPLICAS, "Replace", wave)
    draft.unmet += stuck
    draft.pending += tuple(chain(*(rollout.unschedulable for rollout in rollouts)))


def retire_nodes(draft: Draft) -> None:
    leaving = departures(draft.observed, draft.repairable, draft.desired.projects)
    draft.add(Section.DEPARTURES, leaving.steps)
    draft.unmet += leaving.unmet
    if draft.scope.is_whole:
        draft.unmet += [Unmet(subject=name, reason=_DEPARTED) for name in leaving.departed]
        draft.plan = dataclasses.replace(draft.plan, departed=leaving.departed)


def even_out(draft: Draft) -> None:
    """Even out running replicas. No service moves before another: all of them stay as desired."""
    is_any_silent = not all(node.answered for node in draft.observed.nodes)
    is_disturbed = any(draft.steps(Section.REPAIRS, Section.DEPARTURES)) or is_any_silent
    is_done = all(work.is_done or work.is_foreign for work in draft.works)
    if draft.scope.rebalances and is_done and not is_disturbed:
        settled = chain(*(work.settled for work in draft.works))
        rollouts = rebalance(settled, draft.open_ledger())
        draft.works = (*draft.works, *(Work(rollout=rollout) for rollout in rollouts))
        _roll(draft, rollouts)


def make_room(draft: Draft) -> None:
    planned = draft.steps(Section.SUPERSEDED, Section.REPLICAS, Section.STOPS)
    room = resolve_pending(draft.works, planned, draft.ledger, draft.open_ledger, draft.scope)
    draft.add(Section.PREEMPTION, room.steps)
    draft.unmet += room.unmet
    draft.pending = (*room.unschedulable, *draft.pending)


def pull_images(draft: Draft) -> None:
    starting = draft.steps(Section.REPLICAS, Section.PREEMPTION)
    draft.add_step(Section.IMAGES, "Pull images", pulls(draft.observed, starting))


def deregister_orphans(draft: Draft) -> None:
    starting = draft.steps(Section.REPLICAS, Section.PREEMPTION)
    orphans = orphaned_registrations(draft.observed, starting, draft.attempt.failed)
    draft.add_step(Section.REGISTRATIONS, "Deregister replicas without a container", orphans)


def update_policies(draft: Draft) -> None:
    """Let replicas reach each other before they start, and cut off what has stopped afterwards."""
    nodes = [node for node in draft.repairable if not is_emptied(node)]
    changing = draft.steps(Section.SUPERSEDED, Section.REPLICAS, Section.STOPS, Section.PREEMPTION)
    found = policies(draft.observed, nodes, draft.desired.projects, changing)
    draft.add_step(Section.POLICY, "Update network policy", found.before)
    draft.add_step(Section.POLICY_AFTERWARDS, "Update network policy", found.after)


def remove_volumes(draft: Draft) -> None:
    removed = purges(draft.desired, draft.observed, draft.attempt.failed)
    draft.add_step(Section.VOLUMES, "Remove volumes", removed)


def resize_pool(draft: Draft) -> None:
    more, too_early = grow(draft.pending, draft.observed, draft.desired.settings, draft.scope)
    needed = {start.node for start in draft.finished().starts}
    less = shrink(draft.observed, draft.desired, needed)
    draft.add_step(Section.POOL, "Add nodes", more)
    draft.add_step(Section.POOL, "Release nodes", less)
    draft.unmet += too_early


STAGES: tuple[Stage, ...] = (
    report_unreachable,
    plan_gateway,
    assess_services,
    provision_hosts,
    repair_nodes,
    configure_proxies,
    change_replicas,
    retire_nodes,
    even_out,
    make_room,
    update_peers,
    pull_images,
    deregister_orphans,
    update_policies,
    remove_volumes,
    resize_pool,
)
