"""What cannot be done is said in one clear sentence, with its exit code, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from tests.e2e.commands import Orchestrate, Ran
from tests.e2e.conftest import COUNTER
from tests.e2e.nodes import Nodes
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("unchanged")]
Write = Callable[[str, str], str]


@pytest.fixture(scope="module")
def deployed(orchestrate: Orchestrate, nodes: Nodes) -> None:
    nodes.heal()
    orchestrate("deploy", "-f", COUNTER)


@pytest.fixture
def unchanged(deployed: None, nodes: Nodes) -> Iterator[None]:  # noqa: ARG001 - what is not to change
    before, journal = nodes.containers(), nodes.journal()
    yield
    assert nodes.containers() == before
    assert nodes.journal() == journal


def the_one_error(ran: Ran) -> str:
    (line,) = ran.err.splitlines()
    assert ran.out == ""
    return line


FILES = {
    "broken YAML": (
        """
        services:
          web: {image: httpd
        """,
        "bad.yml:3:21: not valid YAML: ",
    ),
    "an unknown key": (
        """
        services:
          web:
            image: httpd
            imagee: x
        """,
        "bad.yml:5:5: services.web.imagee: ",
    ),
    "a port twice in one service": (
        """
        services:
          web:
            image: httpd
            ports: ["8080:80", "8080:81"]
        """,
        "bad.yml:5:24: services.web.ports",
    ),
    "a port twice on every node": (
        """
        services:
          a: {image: httpd, ports: ["8080:80"], deploy: {mode: global}}
          b: {image: httpd, ports: ["8080:80"], deploy: {mode: global}}
        """,
        "bad.yml:4:29: services.b.ports[0]: the port 8080/tcp is published already",
    ),
    "more memory than there is": (
        """
        services:
          web:
            image: httpd
            deploy: {resources: {reservations: {memory: 900G}}}
        """,
        "services.web: fits nowhere: 3 nodes: memory, needs 900.0 GiB, the freest has ",
    ),
    "a node that there is not": (
        """
        services:
          web:
            image: httpd
            deploy: {placement: {constraints: [node.hostname == n9]}}
        """,
        "services.web: fits nowhere: 3 nodes: constraint node.hostname == n9; nothing was changed",
    ),
}


@pytest.mark.parametrize(("text", "expected"), FILES.values(), ids=FILES)
def test_a_bad_file(text: str, expected: str, write: Write, orchestrate: Orchestrate) -> None:
    ran = orchestrate("deploy", "-f", write("bad.yml", dedent(text)), code=4)

    assert expected in the_one_error(ran)


SETTINGS = {
    "a pattern that matches nothing": ("nodes: nosuch\n", "'nosuch' matches no host"),
    "an unknown key": ("node: all\n", 'node: is not a known key: did you mean "nodes"?'),
    "not YAML": ("nodes: [\n", "not valid YAML"),
}


@pytest.mark.parametrize(("text", "expected"), SETTINGS.values(), ids=SETTINGS)
def test_bad_settings(text: str, expected: str, write: Write, orchestrate: Orchestrate) -> None:
    ran = orchestrate("converge", "--settings", write("orchestrate.yml", text), code=4)

    assert expected in the_one_error(ran)


INVENTORIES = {
    "not there": ("nowhere.yml", None, "nowhere.yml: no such file"),
    "not an inventory": ("hosts.yml", "all: {hosts: [\n", "hosts.yml"),
    "of nobody": ("hosts.yml", "all: {hosts: {}}\n", "matches no host"),
}


@pytest.mark.parametrize(("name", "text", "expected"), INVENTORIES.values(), ids=INVENTORIES)
def test_a_wrong_inventory(
    name: str, text: str | None, expected: str, write: Write, orchestrate: Orchestrate
) -> None:
    ran = orchestrate("converge", "-i", name if text is None else write(name, text), code=4)

    assert expected in the_one_error(ran)


WORDS = {
    "a missing file": (("deploy", "-f", "nowhere.yml"), "nowhere.yml: no such file"),
    "no file at all": (("deploy",), "no Compose file here"),
    "a limit that matches nothing": (("converge", "-l", "nosuch"), "'nosuch' matches no host"),
    "a node that is none": (("cordon", "n99"), "'n99' matches no node"),
    "nothing to maintain by": (("maintain", "-l", "all"), "either --playbook FILE or --reboot"),
    "a project that is not there": (("down", "nosuch"), "no project 'nosuch' is deployed here"),
}


@pytest.mark.parametrize(("words", "expected"), WORDS.values(), ids=WORDS)
def test_bad_words(words: tuple[str, ...], expected: str, orchestrate: Orchestrate) -> None:
    assert expected in the_one_error(orchestrate(*words, code=4))


def test_an_image_that_is_not_there(write: Write, orchestrate: Orchestrate) -> None:
    text = "name: other\nservices:\n  web:\n    image: registry.lab:5000/nosuch:1\n"

    ran = orchestrate("deploy", "-f", write("other.yml", text), code=1)

    assert ran.has_line("registry.lab:5000/nosuch:1", "manifest unknown"), ran.said
    assert len([line for line in ran.err.splitlines() if "manifest unknown" in line]) == 1
    assert ran.out.startswith('Failed at "Pull images" on ')


def test_a_node_that_cannot_be_reached(orchestrate: Orchestrate, nodes: Nodes) -> None:
    with nodes.without("n3", "partition"):
        ran = orchestrate("converge", code=3)
    nodes.heal()

    assert (
        len([line for line in ran.err.splitlines() if line.startswith("! n3: does not answer")])
        == 1
    )
    assert "Nothing done, but n3: does not answer" in ran.out


def test_no_leader(orchestrate: Orchestrate, nodes: Nodes) -> None:
    left, *stopped = nodes
    for node in stopped:
        node.run("systemctl", "stop", "consul")
    try:
        until(lambda: ":8300" not in left.consul("status/leader"), "the last one has no leader")
        ran = orchestrate("converge", code=6)
        logged = orchestrate("logs", "counter/redis.1")
    finally:
        for node in stopped:
            node.run("systemctl", "start", "consul")
        nodes.heal()

    said = the_one_error(ran)
    assert "n1: Consul has no leader" in said
    assert "nothing was changed" in said
    assert logged.has_line("Ready to accept connections"), "a person can go on looking"
