"""The port `Actuator`: a plan is carried out as one playbook, by one `ansible-playbook` process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.outcome import TeamRun, outcome_of, outcome_of_team
from orchestrate.adapters.ansible.process import Watch, run_playbook, run_plays
from orchestrate.adapters.ansible.run import Run
from orchestrate.adapters.runs import Runs
from orchestrate.model.node_pool import AddNodes, RemoveNode
from orchestrate.model.plan import Plan
from orchestrate.model.report import Outcome
from orchestrate.render.hosts import variables
from orchestrate.render.playbook import playbook
from orchestrate.render.plays import plays


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsibleActuator:
    """`settings_file` is where `orchestrate.yml` is, for what is said there of all hosts."""

    options: AnsibleOptions
    settings_file: str
    runs: Runs
    watch: Watch = field(default_factory=Watch)

    def act(self, plan: Plan) -> Outcome:
        """Playbooks of the team's run as they do without us, each from where it is."""
        theirs = [
            TeamRun(step=step, action=action, run=self._by_the_team(action))
            for step in plan.steps
            for action in step.actions
            if isinstance(action, AddNodes | RemoveNode)
        ]
        return outcome_of_team(theirs) if theirs else self._carried_out(plan)

    def text(self, plan: Plan) -> str:
        """The plan as the playbook that `act` would run."""
        found = plays(plan, self.settings_file)
        return playbook(found, collections=str(shipped.collections()))

    def _by_the_team(self, action: AddNodes | RemoveNode) -> Run:
        given = json.dumps(variables(action))
        options = replace(self.options, extra_vars=(*self.options.extra_vars, given))
        file = Path(action.playbook)
        with self.runs.new(file.stem) as directory:
            return run_playbook(file, options, directory, self.watch)

    def _carried_out(self, plan: Plan) -> Outcome:
        found = plays(plan, self.settings_file)
        if not found:  # all of it was for the journal
            return Outcome(completed=tuple(step.title for step in plan.steps))
        with self.runs.new("converge") as directory:
            return outcome_of(plan, run_plays(found, self.options, directory, self.watch))
