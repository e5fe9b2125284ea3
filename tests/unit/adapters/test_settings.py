"""`orchestrate.yml` -> settings."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from orchestrate.adapters.settings import find, load
from orchestrate.errors import InputError, SpecError
from orchestrate.model.node_pool import NewNode
from orchestrate.model.settings import HostPatterns, PoolSettings, Settings
from orchestrate.spec.rules.settings import SETTINGS
from tests.planning import settings_with


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orchestrate.yml"


def test_without_a_file_there_are_defaults() -> None:
    assert load(None) == Settings()


@pytest.mark.parametrize("text", ["", "---\n", "# nothing\n", "{}\n"])
def test_an_empty_file_is_no_file(file: Path, text: str) -> None:
    file.write_text(text)

    assert load(file) == Settings()


def test_every_key(file: Path) -> None:
    file.write_text(
        """
        nodes: "app:!maintenance"
        consul_servers: app[0:2]
        proxies: edge
        standby: spare
        consul_address: http://10.0.0.1:8500
        lost_after: 2.5
        max_unknown_share: 0.25
        start_deadline: 90
        count_foreign: true
        strategy: binpack
        """
    )

    assert load(file) == settings_with(
        nodes="app:!maintenance",
        consul_servers="app[0:2]",
        proxies="edge",
        standby="spare",
        consul_address="http://10.0.0.1:8500",
        lost_after_s=2.5,
        max_unknown_share=0.25,
        start_deadline_s=90,
        count_foreign=True,
        strategy="binpack",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("node: all", 'node: is not a known key: did you mean "nodes"?', id="misspelt"),
        pytest.param("xyzzy: 1", "xyzzy: is not a known key: remove it", id="unknown"),
        pytest.param("7: x", "7: is not a known key", id="number-as-key"),
        pytest.param("nodes: [a, b]", "nodes: expected a host pattern, got a list", id="list"),
        pytest.param("nodes:", "nodes: expected a host pattern, got nothing", id="no-value"),
        pytest.param('nodes: " "', "nodes: expected a host pattern", id="blank"),
        pytest.param("lost_after: soon", "lost_after: expected a number of seconds", id="word"),
        pytest.param("lost_after: -1", "lost_after: expected a number of seconds", id="negative"),
        pytest.param("lost_after: yes", "lost_after: expected a number of seconds", id="boolean"),
        pytest.param("lost_after: .nan", "lost_after: expected a number of seconds", id="nan"),
        pytest.param("lost_after: .inf", "lost_after: expected a number of seconds", id="endless"),
        pytest.param(
            "start_deadline: 0",
            "start_deadline: expected a number of seconds above 0",
            id="no-time",
        ),
        pytest.param(
            "max_unknown_share: 50",
            'max_unknown_share: expected a number from 0 to 1, got "50": half of the nodes is "0.5"',
            id="per-cent",
        ),
        pytest.param(
            "max_unknown_share: 50%",
            'max_unknown_share: expected a number from 0 to 1, got "50%": half of the nodes is "0.5"',
            id="per-cent-by-sign",
        ),
        pytest.param("max_nodes: 0", "max_nodes: expected a whole number of 1 or more", id="none"),
        pytest.param(
            "consul_address: 10.0.0.1:8500",
            'consul_address: expected an address such as "http://10.0.0.1:8500"',
            id="no-scheme",
        ),
        pytest.param(
            "consul_address: http://consul:99999",
            'consul_address: expected an address such as "http://10.0.0.1:8500"',
            id="no-port",
        ),
        pytest.param(
            "count_foreign: 1", 'count_foreign: expected true or false, got "1"', id="no-truth"
        ),
        pytest.param(
            "strategy: x", 'strategy: expected "spread" or "binpack", got "x"', id="choice"
        ),
        pytest.param("- nodes", "expected a mapping, got a list", id="no-mapping"),
        pytest.param("{}\n---\nnodes: all", "is a second document: write one", id="documents"),
        pytest.param("nodes: [", "not valid YAML: ", id="broken"),
        pytest.param("nodes: !python/object:os.x {}", "nodes: the tag !python/object", id="tag"),
        pytest.param("nodes: a\nnodes: b", "nodes: the key stands twice", id="twice"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)

    assert any(
        re.fullmatch(rf"{re.escape(str(file))}:\d+:\d+: {re.escape(said)}.*", line)
        for line in problems(file)
    )


def problems(file: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load(file)
    return [str(problem) for problem in caught.value.problems]


PROMISE = "say what a new node will have, such as {memory: 4g, cpus: 2}"


def test_all_that_is_wrong_is_said_at_once(file: Path) -> None:
    file.write_text("node: all\nlost_after: 30\nrebalance: maybe\nadd_node:\n  groups: app\n")

    assert problems(file) == [
        f'{file}:1:1: node: is not a known key: did you mean "nodes"?',
        f'{file}:3:1: rebalance: expected true or false, got "maybe"',
        f'{file}:4:1: add_node: has no "capacity": {PROMISE}',
        f'{file}:4:1: add_node: has no "playbook": name the one that makes nodes',
        f'{file}:4:1: add_node: needs "max_nodes": say how many nodes there may be',
        f'{file}:5:3: add_node.groups: expected a list, got "app"',
    ]


def test_anchors_may_stand_under_a_key_that_begins_with_x(file: Path) -> None:
    file.write_text("x-hosts: &hosts app\nnodes: *hosts\nproxies: *hosts\n")

    assert load(file) == settings_with(nodes="app", proxies="app")


def test_every_field_has_a_rule() -> None:
    groups = (HostPatterns, PoolSettings, Settings)
    keys = {field.name.removesuffix("_s") for one in groups for field in fields(one)}

    assert SETTINGS.keys.keys() == keys - {"hosts", "pool", "file"}


def test_bytes_that_are_no_text(file: Path) -> None:
    file.write_bytes(b"nodes: \xff\xfe")

    with pytest.raises(InputError, match="not UTF-8 text"):
        load(file)


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(InputError, match="no such file or directory"):
        load(find(str(file), []))


def test_it_is_found_here_before_beside_the_inventory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, beside = tmp_path / "here", tmp_path / "beside"
    for place in (here, beside):
        place.mkdir()
    monkeypatch.chdir(here)
    inventory = [str(beside / "hosts.yml"), "n1,n2"]

    assert find(None, inventory) is None
    (beside / "orchestrate.yml").touch()
    assert find(None, inventory) == beside / "orchestrate.yml"
    (here / "orchestrate.yml").touch()
    assert find(None, inventory) == Path("orchestrate.yml")
    assert find("mine.yml", inventory) == Path("mine.yml")


def test_a_directory_may_be_an_inventory(tmp_path: Path) -> None:
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    (inventory / "orchestrate.yml").touch()
    (tmp_path / "orchestrate.yml").touch()

    assert find(None, [str(inventory)]) == tmp_path / "orchestrate.yml"


GROWS = """
max_nodes: 8
add_node:
  playbook: books/add.yml
  capacity: {memory: 4g, cpus: 2, gpu: 1}
  labels: {disk: ssd, rack: 7}
  groups: [app]
remove_node: books/remove.yml
add_again_after: 30
give_back_after: 0
"""


@pytest.fixture
def books(file: Path) -> Path:
    """Where the team's playbooks are: beside the settings."""
    found = file.parent / "books"
    found.mkdir()
    for name in ("add.yml", "remove.yml"):
        (found / name).touch()
    return found


def test_who_makes_nodes_and_what_they_will_have(file: Path, books: Path) -> None:
    file.write_text(GROWS)

    assert load(file) == settings_with(
        max_nodes=8,
        add_node=NewNode(
            playbook=str(books / "add.yml"),
            capacity={"memory": 4 << 30, "cpus": 2, "gpu": 1},
            labels={"disk": "ssd", "rack": "7"},
            groups=frozenset({"app"}),
        ),
        remove_node=str(books / "remove.yml"),
        add_again_after_s=30,
        give_back_after_s=0,
    )


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("max_nodes: 8", "", '3:1: add_node: needs "max_nodes": say', id="no-ceiling"),
        pytest.param(
            "max_nodes: 8",
            "max_nodes: 2.5",
            "2:1: max_nodes: expected a whole number of 1 or more",
            id="half-a-node",
        ),
        pytest.param(
            "  playbook: books/add.yml\n",
            "",
            '3:1: add_node: has no "playbook": name the one that makes nodes',
            id="no-playbook",
        ),
        pytest.param(
            "books/add.yml", "gone.yml", "4:3: add_node.playbook: /", id="playbook-not-there"
        ),
        pytest.param(
            "books/remove.yml", "[]", "8:1: remove_node: expected the path of", id="no-path"
        ),
        pytest.param("cpus: 2,", "", '5:3: add_node.capacity: has no "cpus"', id="not-all-is-said"),
        pytest.param(
            "memory: 4g",
            "memory: much",
            "5:14: add_node.capacity.memory: expected a size",
            id="no-size",
        ),
        pytest.param(
            "cpus: 2", "cpus: 0", "5:26: add_node.capacity.cpus: expected a number", id="no-cores"
        ),
        pytest.param(
            "{disk: ssd, rack: 7}", "x", "6:3: add_node.labels: expected a map", id="labels"
        ),
        pytest.param("[app]", "app", "7:3: add_node.groups: expected a list", id="groups"),
        pytest.param("  groups:", "  group:", "7:3: add_node.group: is not a known key", id="key"),
    ],
)
def test_what_is_wrong_with_that(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(GROWS.replace(old, new))

    (problem,) = problems(file)

    assert problem.startswith(f"{file}:{said}")
