"""Nodes that come and go: added to the inventory, standing by, and made by a playbook of the team's own.

Each node has one piece of what the replicas need, so that one node more is one replica more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.commands import Orchestrate, Ran
from tests.e2e.conftest import Lab
from tests.e2e.five.conftest import inventory_of
from tests.e2e.nodes import Nodes

pytestmark = pytest.mark.e2e

PROJECT = """
name: elastic
services:
  web:
    image: registry.lab:5000/httpd:1
    expose: ["80"]
    deploy:
      replicas: {replicas}
      resources:
        reservations:
          generic_resources: [{{discrete_resource_spec: {{kind: seat, value: 1}}}}]
"""
MAKES = """
standby: n4
max_nodes: 4
give_back_after: 0
add_node: {playbook: add.yml, capacity: {memory: 1g, cpus: 1, seat: 1}}
remove_node: remove.yml
"""
PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.shell: echo "{{{{ {says} }}}}" >> "{{{{ playbook_dir }}}}/ran"
    - {task}
"""
FAILS = "ansible.builtin.fail: {msg: no quota}"
WRITES = "ansible.builtin.copy: {{src: {name}, dest: '{{{{ playbook_dir }}}}/inventory.yml'}}"


REMOVES = """
- hosts: "{{ orchestrate_remove }}"
  gather_facts: false
  tasks:
    - ansible.builtin.command: systemctl stop consul docker.socket docker
"""


@dataclass(frozen=True, slots=True)
class Site:
    """An inventory of some of the lab's hosts, with what belongs to it beside it."""

    directory: Path
    orchestrate: Orchestrate

    def hosts(self, *names: str, file: str = "inventory.yml") -> None:
        self.write(file, inventory_of(self.directory, *names))

    def write(self, name: str, text: str) -> None:
        (self.directory / name).write_text(text, encoding="utf-8")

    def deploy(self, replicas: int, code: int = 0) -> Ran:
        self.write("compose.yml", PROJECT.format(replicas=replicas))
        return self.orchestrate("deploy", "-f", str(self.directory / "compose.yml"), code=code)

    def statuses(self) -> dict[str, str]:
        rows = self.orchestrate("nodes", "-o", "json").json
        return {row["node"]: row["status"] for row in rows}


@pytest.fixture(scope="module")
def site(five: Lab) -> Iterator[Site]:
    site = Site(five.orchestrate.inventory.parent, five.orchestrate)
    site.deploy(3)
    yield site
    site.orchestrate("down", "elastic", code=None)
    site.orchestrate("uncordon", "all")
    for name in ("orchestrate.yml", "compose.yml"):
        (site.directory / name).unlink(missing_ok=True)


@pytest.fixture
def nodes(five: Lab) -> Nodes:
    return five.nodes


def seats(nodes: Nodes) -> dict[str, int]:
    """How many replicas run where."""
    return {name: len(found) for name, found in nodes.running().items() if found}


def test_a_host_added_to_the_inventory(site: Site, nodes: Nodes) -> None:
    """By the plan as a playbook, for a change; `converge` does it for n5."""
    before = nodes.containers()
    site.hosts("n1", "n2", "n3", "n4")
    file = str(site.directory / "plan.yml")

    shown = site.orchestrate("plan", "-o", file, code=2)
    ran = site.orchestrate.playbook(file)
    used = site.deploy(4)

    assert shown.has_line("+ n4: provision (new in the inventory)"), shown.said
    assert ran.code == 0, ran.said
    assert used.has_line("n4: start elastic/web.4"), used.said
    assert set(before) < set(nodes.containers()), "what ran was left alone"
    rows = site.orchestrate("ps", "-o", "json").json
    address = next(row["address"] for row in rows if row["node"] == "n4")
    ask = f"import urllib.request as u; print(u.urlopen('http://{address}:80', timeout=5).status)"
    assert nodes["n1"].run("python3", "-c", ask).strip() == "200"
    assert site.orchestrate("converge").out.startswith("Nothing to do")


def test_a_host_that_stands_by(site: Site, nodes: Nodes) -> None:
    site.write("orchestrate.yml", "standby: n4\ngive_back_after: 0\n")
    moved = site.deploy(3)
    idle = site.statuses()

    woken = site.deploy(4)
    awake, running = site.statuses(), seats(nodes)
    again = site.orchestrate("converge")
    site.deploy(3)
    given_back = site.orchestrate("converge")

    assert moved.code == 0
    assert idle == {"n1": "ready", "n2": "ready", "n3": "ready", "n4": "standby"}
    assert woken.has_line("+ n4: wake (stands by; elastic/web.4 fits nowhere else)"), woken.said
    assert awake == dict.fromkeys(idle, "ready")
    assert running == dict.fromkeys(idle, 1)
    assert again.out.startswith("Nothing to do"), again.said
    assert given_back.has_line("- n4: release (empty for 0 s)"), given_back.said
    assert site.statuses() == idle
    assert site.orchestrate("converge").out.startswith("Nothing to do")


def test_nodes_that_a_playbook_makes(site: Site, nodes: Nodes) -> None:
    site.write("orchestrate.yml", MAKES)
    site.hosts("n1", "n2", "n3", "n4", "n5", file="with.yml")
    site.hosts("n1", "n2", "n3", "n4", file="without.yml")
    add = "orchestrate_add.count ~ ' for ' ~ orchestrate_add.needed_by | join(' ')"
    site.write("add.yml", PLAY.format(says=add, task=FAILS))
    gone = PLAY.format(says="orchestrate_remove", task=WRITES.format(name="without.yml"))
    site.write("remove.yml", REMOVES + gone)

    site.orchestrate("cordon", "n4")
    failed = site.deploy(4, code=1)
    later = site.orchestrate("converge", code=3)
    tried = (site.directory / "ran").read_text(encoding="utf-8")
    site.write("add.yml", PLAY.format(says=add, task=WRITES.format(name="with.yml")))
    made = site.orchestrate("converge", "--insist")
    running = seats(nodes)
    again = site.orchestrate("converge")
    site.deploy(3)
    removed = site.orchestrate("converge")

    assert failed.has_line("no quota"), failed.said
    assert not later.has_line("no quota"), later.said
    assert later.has_line("! nodes: one more would help; the next attempt is due in"), later.said
    assert tried == "1 for elastic/web.4\n", "once"
    assert made.has_line("+ n5: provision"), made.said
    assert running == {"n1": 1, "n2": 1, "n3": 1, "n5": 1}
    assert again.out.startswith("Nothing to do"), again.said
    assert removed.has_line("- n5: remove by "), removed.said
    assert (site.directory / "ran").read_text(encoding="utf-8").endswith("\nn5\n")
    assert site.statuses().keys() == {"n1", "n2", "n3", "n4"}
    assert site.orchestrate("converge").out.startswith("Nothing to do")
