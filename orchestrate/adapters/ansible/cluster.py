"""The port `Cluster`: what changes something is a play, and may run for long; a look seldom needs one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.channel import WHILE_LOOKING, Channel
from orchestrate.adapters.ansible.environment import forks
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.observe import Look
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.outcome import as_failure, merged, outcome_of
from orchestrate.adapters.ansible.process import run_playbook
from orchestrate.adapters.ansible.run import Event, Run
from orchestrate.adapters.runs import Runs
from orchestrate.errors import RunError, StoppedError
from orchestrate.model.node import Node
from orchestrate.model.node_pool import AddNodes, RemoveNode
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.report import Outcome
from orchestrate.model.settings import Settings
from orchestrate.render.hosts import variables
from orchestrate.render.observe import OBSERVE_TIMEOUT_S
from orchestrate.render.play import Play
from orchestrate.render.playbook import playbook
from orchestrate.render.plays import plays

_PLAYBOOK = "plan.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who hears what a run says and what a look at all nodes saw, and who may end it."""

    on_event: Callable[[Event], None] = lambda _: None
    on_look: Callable[[Sequence[ObservedNode]], None] = lambda _: None
    is_cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsibleCluster:
    inventory: Inventory
    options: AnsibleOptions
    settings: Settings
    runs: Runs
    watch: Watch

    def nodes(self) -> tuple[Node, ...]:
        return self.inventory.nodes

    def start_observing(self, images: Sequence[str] = ()) -> Callable[[], tuple[ObservedNode, ...]]:
        """It goes on beside what the caller does until the answer is waited for."""
        look = self._look_at(self.inventory.nodes, images).prepared()
        pool = ThreadPoolExecutor(max_workers=1)
        future = pool.submit(self._shown, look)
        pool.shutdown(wait=False)
        return future.result

    def _shown(self, look: Callable[[], tuple[ObservedNode, ...]]) -> tuple[ObservedNode, ...]:
        nodes = look()
        self.watch.on_look(nodes)
        return nodes

    def ask(self, nodes: Sequence[Node]) -> tuple[ObservedNode, ...]:
        return self._look_at(nodes).prepared()() if nodes else ()

    def _look_at(self, nodes: Sequence[Node], images: Sequence[str] = ()) -> Look:
        cancelled = self.watch.is_cancelled
        return Look(
            inventory=self.inventory,
            channel=Channel(at_once=forks(), within_s=OBSERVE_TIMEOUT_S, is_cancelled=cancelled),
            play=self._observe,
            nodes=nodes,
            images=images,
        )

    def refresh(self) -> None:
        self.inventory.refresh()

    def variables(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        return self.inventory.node_variables(names)

    def act(self, plan: Plan) -> Outcome:
        """Playbooks of the team's run as they do without us, each from where it is."""
        theirs = [
            (step, action)
            for step in plan.steps
            for action in step.actions
            if isinstance(action, AddNodes | RemoveNode)
        ]
        if not theirs:
            return self._carried_out(plan)
        runs = [self._by_the_team(action) for _, action in theirs]
        failures = (
            as_failure(failure, step, action)
            for run, (step, action) in zip(runs, theirs, strict=True)
            for failure in run.failures
        )
        return merged(runs, failures)

    def _by_the_team(self, action: AddNodes | RemoveNode) -> Run:
        given = json.dumps(variables(action))
        options = replace(self.options, extra_vars=(*self.options.extra_vars, given))
        file = Path(action.playbook)
        with self.runs.new(file.stem) as directory:
            return run_playbook(
                file,
                options,
                directory,
                on_event=self.watch.on_event,
                is_cancelled=self.watch.is_cancelled,
            )

    def _carried_out(self, plan: Plan) -> Outcome:
        found = self._plays(plan)
        if not found:  # all of it was for the journal
            return Outcome(completed=tuple(step.title for step in plan.steps))
        with self.runs.new("converge") as directory:
            return outcome_of(plan, self._run(found, directory, self.watch))

    def text(self, plan: Plan) -> str:
        """The plan as the playbook that `act` would run."""
        found = self._plays(plan)
        return playbook(found, name=_PLAYBOOK, collections=str(shipped.collections()))

    def _plays(self, plan: Plan) -> list[Play]:
        return plays(plan, self.settings.file)

    def _observe(self, found: list[Play]) -> Run:
        with tempfile.TemporaryDirectory(prefix="orchestrate-") as directory:
            run = self._run(found, Path(directory), Watch(is_cancelled=self.watch.is_cancelled))
        if run.was_cancelled:
            raise StoppedError(WHILE_LOOKING)
        if not run.plays and run.failures:
            raise RunError(run.failures[0].message)
        return run

    def _run(self, found: list[Play], directory: Path, watch: Watch) -> Run:
        file = directory / _PLAYBOOK
        text = playbook(found, name=file.name, collections=str(shipped.collections()))
        file.write_text(text, encoding="utf-8")
        return run_playbook(
            file,
            self.options,
            directory,
            on_event=watch.on_event,
            is_cancelled=watch.is_cancelled,
        )
