"""Plays -> a playbook in which all data stays data, as Ansible itself reads it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.node import Node
from orchestrate.model.plan import Plan, Repair, StartReplica, Step, StopReplica
from orchestrate.render.nodes import REACH
from orchestrate.render.observe import observe_play
from orchestrate.render.playbook import playbook
from orchestrate.render.plays import plays
from orchestrate.render.replicas import call
from tests.builders import configure_proxy, replica

HOSTILE = ["{{ 1 + 1 }}", "{% if x %}", "{# x #}", "#jinja2: lstrip_blocks: true", "a{{b"]


def written(*actions: Any, title: str = "Do it") -> str:
    plan = Plan(steps=(Step(title=title, actions=actions),))
    return playbook(plays(plan))


def as_ansible_reads(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = DataLoader().load(trust_as_template(text), "/plan.yml")
    return found


def as_ansible_templates(play: dict[str, Any], name: str, host: str) -> Any:
    variables = {**play["vars"], "inventory_hostname": host}
    return Templar(loader=DataLoader(), variables=variables).template(
        trust_as_template(f"{{{{ {name} }}}}")
    )


def start(**environment: str) -> StartReplica:
    return StartReplica(node="n1", replica=replica(environment=environment), reason="")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_with_braces_reaches_the_module_as_it_is(text: str) -> None:
    action = start(**{"VALUE": text, text: "key"})
    (play,) = as_ansible_reads(written(action))

    given = as_ansible_templates(play, "replica_actions[inventory_hostname]", "n1")

    assert given == [call(action)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_title_is_no_template(text: str) -> None:
    """It names what a container's labels say."""
    (play,) = as_ansible_reads(written(start(), title=f"Stop {text}"))

    assert Templar(loader=DataLoader()).template(play["name"]) == f"Stop {text}"


def test_our_own_templates_stay_templates() -> None:
    text = written(configure_proxy(dns_address="10.0.0.1"))
    (play,) = as_ansible_reads(text)

    assert as_ansible_templates(play, "proxy_dns_address", "n1") == "10.0.0.1"
    assert "!unsafe" not in text


def test_a_value_that_looks_like_our_own_template_is_data() -> None:
    action = start(VALUE="{{ proxy_dns_addresses[inventory_hostname] }}")
    (play,) = as_ansible_reads(written(action))

    (given,) = as_ansible_templates(play, "replica_actions[inventory_hostname]", "n1")

    assert given["config"]["environment"] == action.replica.config["environment"]


@given(st.dictionaries(st.text(min_size=1), st.text() | st.sampled_from(HOSTILE), max_size=3))
def test_any_text_reaches_the_module_as_it_is(environment: dict[str, str]) -> None:
    stop = StopReplica(node="n1", name="x", label="x", reason="")
    action = start(**environment)
    (play,) = as_ansible_reads(written(action, stop))

    given_to_it = as_ansible_templates(play, "replica_actions[inventory_hostname]", "n1")

    assert given_to_it == [call(action), call(stop)]


def test_it_says_how_to_run_it() -> None:
    text = playbook([observe_play("all")], name="my.yml", collections="/opt/collections")

    assert text.startswith(
        "# Written by `orchestrate`; run it with: ansible-playbook -i INVENTORY my.yml\n"
    )
    assert "ANSIBLE_COLLECTIONS_PATH=/opt/collections" in text


def test_nothing_is_an_alias_and_lists_are_indented() -> None:
    text = written(start(), start())

    assert "&id" not in text
    assert "\n  hosts:\n    - n1\n" in text
    assert yaml.safe_load(text)[0]["name"] == "Do it"


def test_a_repair_includes_the_role_of_its_part() -> None:
    (play,) = as_ansible_reads(written(Repair(node="n1", role="network", reason="")))

    assert play["tasks"][0]["ansible.builtin.include_role"] == {
        "name": "orchestrate.cluster.network",
        "tasks_from": "repair",
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_how_a_node_is_reached_is_data(text: str) -> None:
    """It comes from the journal, and goes to a module as it is."""
    way = {"ansible_host": text, "ansible_port": 22}
    leaving = Node(name="n3", way=way, is_leaving=True)
    (reach,) = as_ansible_reads(playbook(plays(Plan(leaving=(leaving,)))))

    (task,) = reach["tasks"]
    given = Templar(loader=DataLoader(), variables={}).template(task[REACH])

    assert given == {**way, "name": "n3"}
    assert reach["hosts"] == "localhost"
