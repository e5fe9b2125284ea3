"""`orchestrate.yml` -> settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrate.adapters.settings import find, load
from orchestrate.errors import SettingsError
from orchestrate.model.node_pool import NewNode
from orchestrate.model.settings import Settings


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

    assert load(file) == Settings(
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
        pytest.param("node: all", "node: unknown key: did you mean nodes?", id="misspelt"),
        pytest.param(
            "xyzzy: 1",
            "xyzzy: unknown key: the keys are add_again_after, add_node, consul_address, ",
            id="unknown",
        ),
        pytest.param("7: x", "7: unknown key", id="number-as-key"),
        pytest.param("nodes: 7", "nodes: expected a text, got 7", id="pattern-as-number"),
        pytest.param("nodes: [a, b]", "nodes: expected a text", id="pattern-as-list"),
        pytest.param("nodes:", "nodes: expected a text, got None", id="no-value"),
        pytest.param("lost_after: soon", "lost_after: expected a number of 0 or more", id="word"),
        pytest.param("lost_after: -1", "lost_after: expected a number of 0 or more", id="negative"),
        pytest.param("lost_after: yes", "lost_after: expected a number of 0 or more", id="boolean"),
        pytest.param("lost_after: .nan", "lost_after: expected a number of 0 or more", id="nan"),
        pytest.param(
            "lost_after: .inf", "lost_after: expected a number of 0 or more", id="endless"
        ),
        pytest.param(
            "count_foreign: 1", "count_foreign: expected true or false, got 1", id="no-truth"
        ),
        pytest.param("strategy: x", "strategy: expected spread or binpack, got 'x'", id="choice"),
        pytest.param("- nodes", "expected a mapping of keys", id="list"),
        pytest.param("nodes: [", "not YAML: ", id="broken"),
        pytest.param("nodes: !python/object:os.x {}", "not YAML: ", id="tag"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)

    with pytest.raises(SettingsError) as caught:
        load(file)

    assert str(caught.value).startswith(f"{file}: {said}")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(file: Path) -> None:
    file.write_bytes(b"nodes: \xff\xfe")

    with pytest.raises(SettingsError, match="not YAML"):
        load(file)


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(SettingsError, match="No such file or directory"):
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

    assert load(file) == Settings(
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
        pytest.param("max_nodes: 8", "", "add_node: needs max_nodes: how many", id="no-ceiling"),
        pytest.param(
            "max_nodes: 8", "max_nodes: 2.5", "max_nodes: expected a whole number", id="half-a-node"
        ),
        pytest.param(
            "  playbook: books/add.yml\n",
            "",
            "add_node: expected a mapping with playbook and capacity, got {",
            id="no-playbook",
        ),
        pytest.param("books/add.yml", "gone.yml", "add_node.playbook: /", id="playbook-not-there"),
        pytest.param("books/remove.yml", "[]", "remove_node: expected the path of", id="no-path"),
        pytest.param("cpus: 2,", "", "add_node.capacity: cpus is missing", id="not-all-is-said"),
        pytest.param(
            "memory: 4g", "memory: much", "add_node.capacity.memory: expected a size", id="no-size"
        ),
        pytest.param("{disk: ssd, rack: 7}", "x", "add_node.labels: expected a map", id="labels"),
        pytest.param("[app]", "app", "add_node.groups: expected a list", id="groups"),
        pytest.param("  groups:", "  group:", "add_node.group: unknown key: the keys", id="key"),
    ],
)
def test_what_is_wrong_with_that(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(GROWS.replace(old, new))

    with pytest.raises(SettingsError) as caught:
        load(file)

    assert str(caught.value).startswith(f"{file}: {said}")
