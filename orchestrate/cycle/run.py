"""The cycle: observe, plan, act, verify. It knows ports, not adapters.

Nothing is remembered between cycles but the journal, and a cycle may be killed after any action: the
next one starts from what it then sees. Within one cycle, plan and act repeat while there is progress,
because some things are only seen when others are mended (the containers of an engine that was down), and
because what fails for one project should not keep the others waiting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from orchestrate.cycle import node_pool
from orchestrate.cycle.planning import Planning
from orchestrate.cycle.snapshot import see
from orchestrate.errors import StoppedError
from orchestrate.model.attempt import Attempt
from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.node import Node
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan, Provision
from orchestrate.model.report import CycleReport, Outcome
from orchestrate.planner.containers.housekeeping import gone
from orchestrate.planner.nodes.pool.resize import next_part, resizes
from orchestrate.planner.nodes.unreachable import refuse_when_suspect
from orchestrate.planner.outcomes.attribution import Blame, failed_scope
from orchestrate.planner.outcomes.failures import noted
from orchestrate.planner.snapshot import is_lost, is_undrained
from orchestrate.ports.ports import Ports
from orchestrate.ports.store import Store

_ROUNDS = 6
_SETTLES_WITHIN_S = 10
_AGAIN_S = 0.5
_FAILED = "failed; the next cycle goes on with it"


def run_cycle(planning: Planning, journal: Journal, seen: tuple[ObservedNode, ...]) -> CycleReport:
    """Bring the cluster to what is desired, as far as it goes now. The caller holds the lock.

    UnreachableError, and nothing changed, when too many nodes are silent.
    """
    ports, desired = planning.ports, planning.desired
    cycle = _Cycle(ports=ports, planning=planning, journal=journal)
    cycle.look(seen)
    refuse_when_suspect(cycle.observed, desired.settings)
    cycle.journal = _with_notes(ports.store, journal, cycle.observed)
    if node_pool.is_unfinished(journal) and node_pool.adopt(ports.inventory, ports.store):
        cycle.read_again()
        cycle.look(seen)
    while cycle.goes_on():
        cycle.act()
    node_pool.note_emptiness(desired.projects, cycle.observed, ports.store)
    if not any(outcome.cancelled for outcome in cycle.outcomes):
        cycle.part()
        cycle.forget_removed()
    return cycle.report()


@dataclass(slots=True, kw_only=True)
class _Cycle:
    """The state of a cycle: the snapshot, the plan for it, and the plans that were carried out before."""

    ports: Ports
    planning: Planning
    journal: Journal
    observed: Observed = field(default_factory=lambda: Observed(at=0))
    attempt: Attempt = field(default_factory=Attempt)
    plan: Plan = field(default_factory=Plan)
    plans: list[Plan] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    is_over: bool = False

    def look(self, seen: Iterable[ObservedNode] | None = None) -> None:
        seen = seen or self.ports.observer.start()()
        self.observed = see(self.ports, self.journal, seen)
        self.plan, self.attempt = self.planning.plan(self.observed, self.attempt)

    def goes_on(self) -> bool:
        """The same actions again would only fail to help again."""
        steps = self._next().steps
        is_progress = not self.plans or self.plans[-1].steps != steps
        return bool(steps) and not self.is_over and is_progress and len(self.plans) < _ROUNDS

    def _next(self) -> Plan:
        return next_part(self.plan, self.plans[-1] if self.plans else Plan())

    def act(self) -> None:
        plan = self._next()
        self.ports.reporter.planned(plan)
        outcome = self._acted(plan)
        self._note_provisioned(plan)
        self.plans.append(plan)
        self.outcomes.append(outcome)
        if outcome.cancelled:
            self.is_over = True
            return
        if not outcome.is_ok:
            self._note_failures(plan, outcome)
            blame = failed_scope(plan, outcome)
            if node_pool.put_back(plan, blame.nodes, self.ports.store, self.ports.clock):
                self.read_again()
            self._go_on_without(blame)
            self.is_over = not (blame.is_known or resizes(plan))
        try:
            self.look()
            self._let_settle()
        except StoppedError:  # not before anything was changed, as it would say
            self.outcomes[-1] = replace(outcome, cancelled=True)
            self.is_over = True

    def _acted(self, plan: Plan) -> Outcome:
        ports = self.ports
        if not node_pool.begin(plan, ports):
            return _act(ports, plan)
        done = _act(ports, plan)
        outcome = node_pool.finish(plan, done, ports)
        self.read_again()
        return outcome

    def read_again(self) -> None:
        """Which hosts are nodes has changed."""
        read = self.ports.store.read()
        self.journal = replace(self.journal, nodes=read.nodes, growth=read.growth)

    def _note_provisioned(self, plan: Plan) -> None:
        """Once in a cycle: it takes long, and what did not help will not help at once."""
        tried = {action.node for action in plan.actions if isinstance(action, Provision)}
        self.attempt = self.attempt.with_provisioned(tried)

    def _note_failures(self, plan: Plan, outcome: Outcome) -> None:
        """Note the failed starts, so that they are tried on other nodes next."""
        known = self.journal.failures
        starts = noted(known.starts, plan, outcome, self.ports.clock.now())
        if starts != known.starts:
            saved = self.ports.store.save_failures(replace(known, starts=starts))
            self.journal = replace(self.journal, failures=saved)

    def _go_on_without(self, blame: Blame) -> None:
        """Leave out the failed projects and nodes, so that the others go on."""
        failed = self.attempt.with_failed(dict.fromkeys(blame.projects, _FAILED))
        self.attempt = failed.with_unrepaired(blame.nodes)

    def _let_settle(self) -> None:
        """Wait for some seconds until what was repaired is passing; only its nodes are asked again."""
        clock = self.ports.clock
        until = clock.now() + _SETTLES_WITHIN_S
        while settling := self._settling():
            if clock.now() >= until:
                return
            self.ports.pause(_AGAIN_S)
            answers = {node.name: node for node in self.ports.observer.ask(settling)}
            nodes = (*self.observed.nodes, *self.observed.standby)
            self.look([answers.get(node.name, node) for node in nodes])

    def _settling(self) -> tuple[Node, ...]:
        """The nodes of what may come right by itself; none while there are steps that do more."""
        names = {unmet.settles_on for unmet in self.plan.unmet if not self.plan.steps}
        return tuple(node.node for node in self.observed.nodes if node.name in names)

    def part(self) -> None:
        """Remove the entries of nodes that are gone, and Consul's entries of lost nodes that leave."""
        at, settings = self.observed.at, self.planning.desired.settings
        lost = [
            node.name
            for node in self.observed.nodes
            if node.is_leaving and is_lost(node, at, settings) and self.planning.scope.is_whole
        ]
        for name in (*lost, *self.plan.departed):
            self.ports.catalogue.remove_node(name)
        if self.plan.departed:
            self._forget(self.plan.departed)

    def forget_removed(self) -> None:
        """Forget removed projects once nothing of them can be left on any node."""
        names = {*gone(self.planning.desired, self.observed)}
        for record in self.journal.projects.values():
            if record.is_removed and record.name in names:
                self.ports.store.forget_project(record)

    def _forget(self, names: Collection[str]) -> None:
        records = self.ports.store.read().nodes
        for name in names:
            _forget_node(self.ports.store, name, records.get(name, NodeRecord()))
        left = tuple(node for node in self.observed.nodes if node.name not in names)
        self.observed = replace(self.observed, nodes=left)
        self.plan, self.attempt = self.planning.plan(self.observed, self.attempt)

    def report(self) -> CycleReport:
        nodes = self.observed.nodes
        running = sum(one.state == "running" for node in nodes for one in node.engine.containers)
        return CycleReport(
            plans=tuple(self.plans),
            outcomes=tuple(self.outcomes),
            unmet=self.plan.unmet,
            undone=self.plan.steps,
            replicas=running,
            nodes=sum(node.answered for node in nodes),
            undrained=tuple(node.name for node in nodes if is_undrained(node)),
        )


def _act(ports: Ports, plan: Plan) -> Outcome:
    """Noted before and after: whoever looked meanwhile has to look again."""
    ports.store.note_action(ports.clock.now())
    try:
        return ports.actuator.act(plan)
    finally:
        ports.store.note_action(ports.clock.now())


def _forget_node(store: Store, name: str, record: NodeRecord) -> None:
    """Forget a node, but not that its data was given up: that is still on its disk."""
    if not record.given_up:
        store.forget_node(name)
        return
    given_up, at = record.given_up, record.given_up_at
    left = NodeRecord(given_up=given_up, given_up_at=at, index=record.index)
    store.save_nodes({name: left})


def _with_notes(store: Store, journal: Journal, observed: Observed) -> Journal:
    """The journal with what there is to say of the nodes now, which is written where it is new."""
    known = {node.name: journal.nodes.get(node.name, NodeRecord()) for node in observed.nodes}
    noted = {node.name: _noted(node, known[node.name]) for node in observed.nodes}
    new = {name: record for name, record in noted.items() if record != known[name]}
    return replace(journal, nodes={**journal.nodes, **store.save_nodes(new)})


def _noted(node: ObservedNode, record: NodeRecord) -> NodeRecord:
    """Since when it is silent, what of its data is still given up, and how the inventory says it is reached."""
    noted = replace(
        record,
        unknown_since=node.record.unknown_since,
        given_up=tuple(sorted(node.record.given_up)),
        given_up_at=record.given_up_at if node.record.given_up else None,
    )
    if record.is_forgotten and not node.is_forgotten:
        noted = replace(noted, availability="active")
    is_part = node.network.state != "absent" if node.answered else bool(node.remembered)
    if node.is_leaving or not is_part:
        return noted
    return replace(noted, way=node.node.way, runs_containers=node.node.runs_containers)
