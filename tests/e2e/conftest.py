"""One lab for all tests of a process, and what a test may find on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from orchestrate.adapters import shipped
from orchestrate.lab.engine import find_engine
from tests.e2e.commands import Orchestrate, Place
from tests.e2e.nodes import Nodes

ROOT = Path(__file__).parents[2]
LAB = "-".join(
    filter(None, (os.environ.get("ORCHESTRATE_LAB", "test"), os.environ.get("PYTEST_XDIST_WORKER")))
)
IS_KEPT = bool(os.environ.get("ORCHESTRATE_KEEP_LAB"))
COUNTER = str(shipped.examples() / "counter" / "compose.yml")


@dataclass(frozen=True, slots=True)
class Lab:
    """The command with the lab's inventory, and a hand inside its nodes."""

    orchestrate: Orchestrate
    nodes: Nodes


Write = Callable[[str, str], str]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have measured is said, whether or not they were content with it."""
    for report in (
        *terminalreporter.stats.get("passed", ()),
        *terminalreporter.stats.get("failed", ()),
    ):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid}: {name}: {value}")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Commands are run nowhere near the checkout."""
    return Place(tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def lab(place: Place) -> Iterator[Lab]:
    """Three nodes, provisioned by the command itself."""
    with lab_of(LAB, place) as found:
        yield found


@contextmanager
def lab_of(
    name: str, place: Place, *options: str, prepare: Callable[[Path], None] = lambda _: None
) -> Iterator[Lab]:
    """`prepare` is given the directory of the inventory before anything is provisioned."""
    inventory = ROOT / ".orchestrate" / "lab" / name / "inventory.yml"
    at_home = Orchestrate(inventory, replace(place, here=ROOT))
    at_home("lab", "up", "--name", name, *options)
    prepare(inventory.parent)
    command = Orchestrate(inventory, place)
    command("provision")
    engine = find_engine()
    assert engine
    yield Lab(command, Nodes(engine.client, name))
    if not IS_KEPT:
        at_home("lab", "down", "--name", name)


@pytest.fixture(scope="session")
def orchestrate(lab: Lab) -> Orchestrate:
    return lab.orchestrate


@pytest.fixture(scope="session")
def nodes(lab: Lab) -> Nodes:
    return lab.nodes


@pytest.fixture(autouse=True)
def nothing_left_running_or_deprecated(request: pytest.FixtureRequest) -> Iterator[None]:
    is_used = "orchestrate" in request.fixturenames
    command = request.getfixturevalue("orchestrate") if is_used else None
    yield
    if command:
        command.kill_what_still_runs()
        assert not command.deprecations()


@pytest.fixture
def empty(orchestrate: Orchestrate, nodes: Nodes) -> None:
    """Nothing is deployed, and no node has an image."""
    nodes.heal()
    for project in {row["project"] for row in orchestrate("status", "-o", "json").json}:
        orchestrate("down", project, "--volumes")
    for node in nodes:
        node.run("docker", "image", "prune", "--all", "--force")


@pytest.fixture
def deployed(orchestrate: Orchestrate, nodes: Nodes) -> None:
    """The example is deployed as its file says, wherever its replicas are."""
    nodes.heal()
    orchestrate("deploy", "-f", COUNTER)


@pytest.fixture
def counter(deployed: None, orchestrate: Orchestrate, nodes: Nodes) -> None:  # noqa: ARG001
    """The same, with a web replica on each node."""
    if not is_spread(nodes):  # a test before moved replicas, and what runs well is not moved back
        orchestrate("rebalance")


def is_spread(nodes: Nodes) -> bool:
    return all(any("counter-web-" in name for name in names) for names in nodes.running().values())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(name, text)`: a file of the test's own; its path."""

    def file(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return file


@pytest.fixture
def changed(write: Write) -> Callable[..., str]:
    """`changed(image=…)`: the example's file with other values for keys of its service `web`."""

    def file(**values: object) -> str:
        found = yaml.safe_load(Path(COUNTER).read_text(encoding="utf-8"))
        found["services"]["web"] |= values
        return write("compose.yml", yaml.safe_dump(found))

    return file
