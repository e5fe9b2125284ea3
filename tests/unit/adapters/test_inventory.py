"""The user's inventory, and the parts that its hosts play."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.errors import SettingsError, SpecError
from orchestrate.model.node import Node
from orchestrate.model.settings import Settings
from tests.unit.adapters.conftest import HOSTS, Read


def parts(nodes: tuple[Node, ...]) -> dict[str, str]:
    return {
        node.name: "n" * node.runs_containers
        + "c" * node.serves_consul
        + "p" * node.proxies
        + "s" * node.stands_by
        for node in nodes
    }


def test_any_variable_can_be_asked_for(inventory: Callable[..., Inventory]) -> None:
    text = """
    all:
      hosts:
        a1: {rack: 7, tier: "{{ 'go' + 'ld' }}", is_new: true, many: [1], none: null}
      vars: {site: bonn, unasked: "{{ undefined_variable }}"}
    """

    found = inventory(text).node_variables(
        ["rack", "tier", "is_new", "many", "none", "site", "other"]
    )

    assert found == {"a1": {"rack": "7", "tier": "gold", "is_new": "True", "site": "bonn"}}


def test_a_variable_is_templated_once_until_the_inventory_is_read_anew(
    inventory: Callable[..., Inventory], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    asks = f"{{{{ lookup('ansible.builtin.pipe', 'echo asked | tee -a {log}') }}}}"
    found = inventory(f'all: {{hosts: {{a1: {{rack: "{asks}", site: b}}}}}}')

    first, second = found.node_variables(["rack"]), found.node_variables(["rack", "site", "no"])
    asked_so_far = log.read_text()
    found.refresh()
    third = found.node_variables(["rack"])

    assert (first, second) == ({"a1": {"rack": "asked"}}, {"a1": {"rack": "asked", "site": "b"}})
    assert asked_so_far == "asked\n"
    assert (third, log.read_text()) == (first, "asked\nasked\n")


def test_a_host_may_say_what_it_has(read: Read) -> None:
    text = """
    all:
      hosts:
        a1: {orchestrate_capacity: {memory: 4g, cpus: "2.5", pids: 4000, gpu: 2}}
      vars: {orchestrate_reserve: {memory: "{{ 512 }}m", cpus: 0.5}}
    """

    (node,) = read(text)

    assert node.resources.capacity == {"memory": 4 << 30, "cpus": 2.5, "pids": 4000, "gpu": 2}
    assert node.resources.reserve == {"memory": 512 << 20, "cpus": 0.5}


def test_a_host_may_have_nothing_of_what_its_group_has(read: Read) -> None:
    text = """
    all:
      hosts:
        a1: {orchestrate_capacity: {gpu: 0}, orchestrate_reserve: {memory: 0, cpus: 0, gpu: 0}}
      vars: {orchestrate_capacity: {gpu: 2}, orchestrate_reserve: {memory: 1g}}
    """

    (node,) = read(text)

    assert (node.resources.capacity, node.resources.reserve) == (
        {"gpu": 0},
        {"memory": 0, "cpus": 0, "gpu": 0},
    )


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (
            "orchestrate_capacity: 4g",
            "orchestrate_capacity: expected a mapping such as {memory: 4g}",
        ),
        (
            "orchestrate_capacity: {memory: -1}",
            'capacity.memory: expected a size such as "4g" of more than 0',
        ),
        (
            "orchestrate_capacity: {memory: 0}",
            'capacity.memory: expected a size such as "4g" of more than 0',
        ),
        ("orchestrate_capacity: {memory: much}", 'got "much"'),
        (
            "orchestrate_capacity: {cpus: .nan}",
            "capacity.cpus: expected a number of cores of more than 0",
        ),
        ("orchestrate_capacity: {cpus: yes}", 'got "True"'),
        (
            "orchestrate_capacity: {pids: 1.5}",
            "capacity.pids: expected a whole number of 0 or more",
        ),
        (
            "orchestrate_capacity: {gpu: [1, 2]}",
            "capacity.gpu: expected a whole number of 0 or more",
        ),
        ("orchestrate_capacity: {g p u: 1}", "expected a name of letters, digits and . _ -"),
        ("orchestrate_capacity: {7: 1}", "expected a name of letters, digits and . _ -"),
        (
            "orchestrate_reserve: {memory: -1}",
            'reserve.memory: expected a size such as "4g" of 0 or more',
        ),
        (
            "orchestrate_capacity: {memory: 1g}, orchestrate_reserve: {memory: 1g}",
            "reserve.memory: leaves nothing of orchestrate_capacity.memory",
        ),
    ],
)
def test_a_capacity_that_is_nonsense_is_refused(read: Read, said: str, error: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(f"all: {{hosts: {{a1: {{{said}}}}}}}")

    assert str(caught.value).startswith("host a1: orchestrate_")
    assert error in str(caught.value)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        pytest.param("a1: {ansible_host: 10.0.0.7}", "10.0.0.7", id="its-host"),
        pytest.param("10.0.0.8: {}", "10.0.0.8", id="its-name"),
        pytest.param("a1: {ansible_host: 'FD00::1'}", "fd00::1", id="of-version-6"),
        pytest.param("a1: {ansible_host: a1.example.com}", "", id="not-looked-up"),
        pytest.param("a1: {}", "", id="none"),
    ],
)
def test_an_address_is_what_ansible_goes_to(read: Read, host: str, address: str) -> None:
    assert [node.address for node in read(f"all: {{hosts: {{{host}}}}}")] == [address]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({}, {"a1": "ncp", "a2": "ncp", "a3": "ncp", "a4": "np", "e1": "np"}, id="all"),
        pytest.param(
            {"nodes": "app"}, {"a1": "ncp", "a2": "ncp", "a3": "ncp", "a4": "np"}, id="nodes"
        ),
        pytest.param({"nodes": "a1:a2"}, {"a1": "ncp", "a2": "np"}, id="few"),
        pytest.param(
            {"nodes": "app:!a1", "proxies": "edge", "consul_servers": "app[0]"},
            {"a1": "c", "a2": "n", "a3": "n", "a4": "n", "e1": "p"},
            id="parts",
        ),
        pytest.param(
            {"nodes": "app", "standby": "a3:a4"},
            {"a1": "ncp", "a2": "np", "a3": "s", "a4": "s"},
            id="standby",
        ),
    ],
)
def test_hosts_play_the_parts_of_the_patterns(
    read: Read, settings: dict[str, str], expected: dict[str, str]
) -> None:
    assert parts(read(**settings)) == expected


def test_labels_and_groups_are_the_inventorys(read: Read) -> None:
    first, second, third, *_ = read()

    assert first.labels == {"zone": "a", "rack": "7"}
    assert second.labels == {"zone": "b"}
    assert third.labels == {}
    assert third.groups == frozenset({"app"})


@pytest.mark.parametrize(
    ("text", "settings", "error"),
    [
        pytest.param(
            HOSTS,
            {"nodes": "nosuch"},
            "nodes: the pattern 'nosuch' matches no host of ",
            id="nodes",
        ),
        pytest.param(
            HOSTS,
            {"proxies": "x:y"},
            "proxies: the pattern 'x:y' matches no host of ",
            id="proxies",
        ),
        pytest.param(
            HOSTS, {"standby": "all"}, "nodes: the pattern 'all' matches no host", id="all-stand-by"
        ),
        pytest.param(
            "all: {hosts: {}}", {}, "nodes: the pattern 'all' matches no host of ", id="nobody"
        ),
        pytest.param("all: {hosts: {-a: }}", {}, "host '-a': a node's name is made of ", id="name"),
        pytest.param(
            "all: {hosts: {a: {orchestrate_labels: [x]}}}",
            {},
            "host a: orchestrate_labels: expected a mapping",
            id="labels",
        ),
    ],
)
def test_what_is_wrong_is_said(read: Read, text: str, settings: dict[str, str], error: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(text, **settings)

    assert str(caught.value).startswith(error)
    assert "\n" not in str(caught.value)


def test_a_source_that_is_not_there() -> None:
    inventory = Inventory(AnsibleOptions(inventory=("nowhere.yml",)), Settings())

    with pytest.raises(SettingsError, match="no such file: give one with -i"):
        inventory.hosts("all")


def test_a_list_of_hosts_is_an_inventory() -> None:
    inventory = Inventory(AnsibleOptions(inventory=("n1,n2",)), Settings())

    assert [node.name for node in inventory.nodes] == ["n1", "n2"]
    assert inventory.hosts("n2") == ["n2"]
