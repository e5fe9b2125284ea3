"""Playbooks of the team's own, run by Ansible itself: what they are told, and what becomes of the inventory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestrate.adapters.ansible.actuator import AnsibleActuator
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.runs import Runs
from orchestrate.model.node_pool import AddNodes, RemoveNode, WakeNode
from orchestrate.model.plan import Plan, Step
from orchestrate.model.report import Outcome
from orchestrate.model.settings import Settings

pytestmark = pytest.mark.contract
ADD = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{% for n in range(orchestrate_add.count + 1) %}n{{ n + 1 }}\\n{% endfor %}"
        dest: "{{ playbook_dir }}/hosts"
        mode: "0644"
    - ansible.builtin.copy:
        content: "{{ orchestrate_add.needed_by | join(',') }} {{ mine }}"
        dest: "{{ playbook_dir }}/told"
        mode: "0644"
"""
REMOVE = """
- hosts: "{{ orchestrate_remove }}"
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.lineinfile:
        path: "{{ playbook_dir }}/hosts"
        line: "{{ inventory_hostname }}"
        state: absent
"""
FAIL = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.fail: {msg: no quota}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """An inventory, and the actuator that runs playbooks which change it."""

    inventory: Inventory
    actuator: AnsibleActuator

    @property
    def names(self) -> list[str]:
        return [node.name for node in self.inventory.nodes]

    def add(self, playbook: Path) -> Outcome:
        action = AddNodes(playbook=str(playbook), count=2, reason="", needed_by=("a/b.1", "a/b.2"))
        return self.actuator.act(Plan(steps=(Step(title="Add nodes", actions=(action,)),)))


@pytest.fixture
def team(tmp_path: Path) -> Team:
    (tmp_path / "hosts").write_text("n1\n")
    for name, text in (("add", ADD), ("remove", REMOVE), ("fail", FAIL), ("broken", "- hosts:")):
        (tmp_path / f"{name}.yml").write_text(text)
    options = AnsibleOptions(
        inventory=(str(tmp_path / "hosts"),),
        extra_vars=("mine=yes ansible_python_interpreter={{ansible_playbook_python}}",),
    )
    runs = Runs(root=tmp_path / "runs", clock=SystemClock())
    return Team(
        inventory=Inventory(options, Settings()),
        actuator=AnsibleActuator(options=options, settings_file="", runs=runs),
    )


def test_nodes_come_and_go(team: Team, tmp_path: Path) -> None:
    assert team.names == ["n1"]

    made = team.add(tmp_path / "add.yml")
    before = team.names
    team.inventory.refresh()

    assert (made.failures, made.changed, before) == ((), True, ["n1"])
    assert team.names == ["n1", "n2", "n3"]
    assert (tmp_path / "told").read_text() == "a/b.1,a/b.2 yes"

    action = RemoveNode(playbook=str(tmp_path / "remove.yml"), node="n3", reason="")
    removed = team.actuator.act(Plan(steps=(Step(title="Give back", actions=(action,)),)))
    team.inventory.refresh()

    assert removed.failures == ()
    assert team.names == ["n1", "n2"]


def test_what_is_for_the_journal_alone_needs_no_play(team: Team, tmp_path: Path) -> None:
    """Ansible refuses a playbook without any."""
    wake = WakeNode(node="n1", reason="", needed_by=())

    done = team.actuator.act(Plan(steps=(Step(title="Wake", actions=(wake,)),)))

    assert done == Outcome(completed=("Wake",))
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("name", "said"), [("fail", "no quota"), ("broken", "could not start")], ids=["fails", "broken"]
)
def test_what_goes_wrong_is_said(team: Team, tmp_path: Path, name: str, said: str) -> None:
    (failure,) = team.add(tmp_path / f"{name}.yml").failures

    assert (failure.node, failure.step) == ("localhost", "Add nodes")
    assert isinstance(failure.action, AddNodes)
    assert said in failure.message
