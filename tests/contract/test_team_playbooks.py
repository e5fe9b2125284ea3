"""Playbooks of the team's own, run by Ansible itself: what they are told, and what becomes of the inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrate.adapters.ansible.cluster import AnsibleCluster, Watch
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


@pytest.fixture
def cluster(tmp_path: Path) -> AnsibleCluster:
    (tmp_path / "hosts").write_text("n1\n")
    for name, text in (("add", ADD), ("remove", REMOVE), ("fail", FAIL), ("broken", "- hosts:")):
        (tmp_path / f"{name}.yml").write_text(text)
    options = AnsibleOptions(
        inventory=(str(tmp_path / "hosts"),),
        extra_vars=("mine=yes ansible_python_interpreter={{ansible_playbook_python}}",),
    )
    settings = Settings()
    return AnsibleCluster(
        inventory=Inventory(options, settings),
        options=options,
        settings=settings,
        runs=Runs(root=tmp_path / "runs", clock=SystemClock()),
        watch=Watch(),
    )


def add(cluster: AnsibleCluster, playbook: Path) -> Outcome:
    action = AddNodes(playbook=str(playbook), count=2, reason="", needed_by=("a/b.1", "a/b.2"))
    return cluster.act(Plan(steps=(Step(title="Add nodes", actions=(action,)),)))


def names(cluster: AnsibleCluster) -> list[str]:
    return [node.name for node in cluster.nodes()]


def test_nodes_come_and_go(cluster: AnsibleCluster, tmp_path: Path) -> None:
    assert names(cluster) == ["n1"]

    made = add(cluster, tmp_path / "add.yml")
    before = names(cluster)
    cluster.refresh()

    assert (made.failures, made.changed, before) == ((), True, ["n1"])
    assert names(cluster) == ["n1", "n2", "n3"]
    assert (tmp_path / "told").read_text() == "a/b.1,a/b.2 yes"

    action = RemoveNode(playbook=str(tmp_path / "remove.yml"), node="n3", reason="")
    removed = cluster.act(Plan(steps=(Step(title="Give back", actions=(action,)),)))
    cluster.refresh()

    assert removed.failures == ()
    assert names(cluster) == ["n1", "n2"]


def test_what_is_for_the_journal_alone_needs_no_play(
    cluster: AnsibleCluster, tmp_path: Path
) -> None:
    """Ansible refuses a playbook without any."""
    wake = WakeNode(node="n1", reason="", needed_by=())

    done = cluster.act(Plan(steps=(Step(title="Wake", actions=(wake,)),)))

    assert done == Outcome(completed=("Wake",))
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("name", "said"), [("fail", "no quota"), ("broken", "could not start")], ids=["fails", "broken"]
)
def test_what_goes_wrong_is_said(
    cluster: AnsibleCluster, tmp_path: Path, name: str, said: str
) -> None:
    (failure,) = add(cluster, tmp_path / f"{name}.yml").failures

    assert failure.node == "localhost"
    assert said in failure.message
