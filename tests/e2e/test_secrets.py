"""What is in Ansible's vault gets into the files of containers, and is found nowhere else."""

from __future__ import annotations

import json
import os
import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import pytest

from tests.e2e.commands import Orchestrate, Ran
from tests.e2e.nodes import Node, Nodes
from tests.vaults import password_file, vaulted, vaulted_variable

pytestmark = pytest.mark.e2e
FILE = Path(__file__).parent / "projects" / "safe.yml"
PASSWORD = "open-sesame"
KEPT = "/run/orchestrate/files"
DAEMON = "/etc/docker/daemon.json"
SECRETS = ("/run/secrets/certificate", "/run/secrets/password")


@dataclass(slots=True)
class Safe:
    """The project `safe`, its Compose file beside its vaulted ones; its values are of this run alone."""

    orchestrate: Orchestrate
    directory: Path
    password: str = field(default_factory=lambda: token_hex(16))
    certificate: str = field(default_factory=lambda: token_hex(16))

    @property
    def file(self) -> str:
        return str(self.directory / FILE.name)

    @property
    def variables(self) -> tuple[str, str]:
        """The inventory of the vaulted variable, beside the lab's."""
        return "-i", str(self.directory / "vault.yml")

    def keep(self) -> None:
        """Write its values into their vaults."""
        variable = vaulted_variable(self.password, PASSWORD)
        text = f"all:\n  vars:\n    safe_password: {variable}\n"
        (self.directory / "vault.yml").write_text(text)
        (self.directory / "certificate.pem").write_text(
            vaulted(self.certificate.encode(), PASSWORD)
        )

    def __call__(self, *words: str, given: str = PASSWORD, code: int = 0) -> Ran:
        opened = ("--vault-password-file", password_file(self.directory, given)) if given else ()
        inventory = ("-i", str(self.orchestrate.inventory), *self.variables)
        return self.orchestrate(*words, *inventory, *opened, code=code)

    def deploy(self, *, given: str = PASSWORD, code: int = 0) -> Ran:
        return self("deploy", "-f", self.file, given=given, code=code)


@pytest.fixture(scope="module")
def safe(
    orchestrate: Orchestrate, nodes: Nodes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Safe]:
    nodes.heal()
    directory = tmp_path_factory.mktemp("safe")
    found = Safe(orchestrate, directory)
    shutil.copy(FILE, directory)
    found.keep()
    yield found
    nodes.heal()
    if "safe" in nodes.journal():
        orchestrate("down", "safe")


def containers(nodes: Nodes) -> dict[str, str]:
    """Node -> its container of the project."""
    return {found.node: found.name for found in nodes.containers() if found.name.startswith("safe")}


def read(node: Node, name: str, path: str) -> str:
    return node.run("docker", "exec", name, "cat", path)


def traces(value: str) -> list[str]:
    """As it is, and as it travels."""
    return [value, b64encode(value.encode()).decode()]


def files_with(node: Node, value: str) -> list[str]:
    """The files of the node that hold it, on its disks or in its memory; journal and containers included."""
    patterns = [word for trace in traces(value) for word in ("-e", trace)]
    places = ("/etc", "/home", "/root", "/run", "/srv", "/tmp", "/usr/local", "/var")
    found = node.run("grep", "-rlaFs", "-D", "skip", *patterns, *places, must=False)
    return sorted(found.split())


def told_of(node: Node, value: str) -> list[str]:
    """Who tells it, of those that can be asked."""
    answers = {
        "docker inspect": node.shell("docker ps -aq | xargs -r docker inspect"),
        "docker images": node.shell("docker images -q | xargs -r docker inspect"),
        "docker logs": node.shell("docker ps -aq | xargs -rn1 docker logs 2>&1"),
        "journal": node.shell(f"journalctl --no-pager --all --output=export | {_LETTERS}"),
        "consul kv": node.run("consul", "kv", "get", "-recurse"),
        "consul services": str(node.consul("agent/services")),
    }
    return [name for name, answer in answers.items() if any(one in answer for one in traces(value))]


_LETTERS = r"tr -cd '\11\12\40-\176'"  # the journal holds fields that are no text


def files_below(directory: Path, value: str) -> list[str]:
    wanted = [trace.encode() for trace in traces(value)]
    found = []
    for path in (Path(folder, name) for folder, _, names in os.walk(directory) for name in names):
        with suppress(FileNotFoundError):  # what Ansible had for a moment only
            if path.is_file() and any(trace in path.read_bytes() for trace in wanted):
                found.append(str(path))
    return found


@pytest.fixture
def daemons(nodes: Nodes) -> Iterator[None]:
    """Their settings are as they were when the test has ended."""
    before = {node: node.run("cat", DAEMON) for node in nodes}
    yield
    for node, text in before.items():
        put(node, DAEMON, text)
        node.run("systemctl", "reload", "docker")


def put(node: Node, path: str, text: str) -> None:
    node.run("python3", "-c", "import sys; open(sys.argv[1], 'w').write(sys.argv[2])", path, text)


@pytest.mark.usefixtures("daemons")
def test_what_a_daemon_is_told_stays_on_its_node(safe: Safe, nodes: Nodes, tmp_path: Path) -> None:
    """A proxy's password, say: one that is there, and one that is brought.

    Not those of other tests: the daemon itself tells its journal what it was told.
    """
    there, brought = token_hex(16), token_hex(16)
    settings = json.loads(nodes["n1"].run("cat", DAEMON))
    put(nodes["n1"], DAEMON, json.dumps({**settings, "log-opts": {"tag": there}}))
    file = tmp_path / "settings.yml"
    file.write_text(f"engine_settings: {{labels: ['note={brought}']}}\n")

    ran = safe("provision", "-e", f"@{file}", "--diff")

    found = json.loads(nodes["n1"].run("cat", DAEMON))
    assert found["labels"] == [f"note={brought}"]
    assert found["log-opts"] == {"tag": there}
    assert ran.has_line("labels changes; its value is not shown"), ran.said
    for value in (there, brought):
        assert [trace for trace in traces(value) if trace in ran.said] == []
        assert files_below(safe.orchestrate.place.kept, value) == []


@pytest.mark.parametrize("given", ["", "wrong"], ids=["none", "wrong"])
def test_a_vault_that_stays_closed_changes_nothing(safe: Safe, nodes: Nodes, given: str) -> None:
    ran = safe.deploy(given=given, code=4)

    assert ran.has_line("secrets.password: variable safe_password: is vaulted"), ran.said
    assert ran.has_line("secrets.certificate: file ", "--vault-password-file or --vault-id")
    assert (containers(nodes), nodes.journal().count("safe")) == ({}, 0)


def test_a_written_plan_holds_none_and_brings_them(safe: Safe, nodes: Nodes) -> None:
    safe("plan", "-f", safe.file, "-o", "safe.yml", code=2)
    plan = safe.orchestrate.place.here / "safe.yml"
    assert files_below(plan.parent, safe.password) == []
    opened = ("--vault-password-file", password_file(safe.directory, PASSWORD))

    played = safe.orchestrate.playbook(str(plan), *safe.variables, *opened)

    assert played.code == 0, played.said
    for node in nodes:
        name = containers(nodes)[node.name]
        assert read(node, name, "/run/secrets/password") == safe.password
    assert safe.deploy().out.startswith("Nothing to do")


def test_a_secret_is_in_the_files_of_its_containers_only(safe: Safe, nodes: Nodes) -> None:
    ran = safe.deploy()

    where = containers(nodes)
    assert sorted(where) == ["n1", "n2", "n3"], ran.said
    for node in nodes:
        name = where[node.name]
        assert read(node, name, "/run/secrets/password") == safe.password
        assert read(node, name, "/run/secrets/certificate") == safe.certificate
        assert read(node, name, "/etc/motd") == "{{ no template }}\n"
        shown = node.run("docker", "exec", name, "stat", "-c", "%u:%g %a", *SECRETS).split("\n")
        assert shown[:2] == ["0:0 444", "33:33 400"]
        assert files_with(node, safe.password) == [f"{KEPT}/{name}/run/secrets/password"]
        assert files_with(node, safe.certificate) == [f"{KEPT}/{name}/run/secrets/certificate"]
        for value in (safe.password, safe.certificate):
            assert told_of(node, value) == []
    for value in (safe.password, safe.certificate):
        for directory in (safe.orchestrate.place.kept, safe.orchestrate.place.here, safe.directory):
            assert files_below(directory, value) == []
        assert files_below(Path.home() / ".ansible", value) == []
    assert safe.deploy().out.startswith("Nothing to do")
    assert safe.orchestrate("converge").out.startswith("Nothing to do")


def test_a_changed_value_rolls(safe: Safe, nodes: Nodes) -> None:
    safe.deploy()
    before, old = containers(nodes), safe.certificate

    safe.certificate = token_hex(16)
    safe.keep()
    planned = safe("plan", "-f", safe.file, code=2)
    assert planned.has_line("orchestrate.file./run/secrets/certificate"), planned.said
    safe.deploy()

    after = containers(nodes)
    assert set(after.values()).isdisjoint(before.values())
    for node in nodes:
        assert read(node, after[node.name], "/run/secrets/certificate") == safe.certificate
        assert files_with(node, old) == []


def test_a_cycle_without_the_file_starts_only_what_was_deployed(safe: Safe, nodes: Nodes) -> None:
    safe.deploy()
    name = containers(nodes)["n2"]
    nodes["n2"].run("docker", "rm", "--force", name)
    before = containers(nodes)

    closed = safe("converge", given="", code=3)
    assert closed.has_line("! safe: secrets.", "is vaulted", "--vault-password-file"), closed.said
    deployed, safe.password = safe.password, token_hex(16)
    safe.keep()
    other = safe("converge", code=3)
    assert other.has_line("! safe: secrets.password", "run `orchestrate deploy`"), other.said
    assert containers(nodes) == before

    safe.password = deployed
    safe.keep()
    safe("converge")
    assert containers(nodes)["n2"] == name
    assert read(nodes["n2"], name, "/run/secrets/password") == safe.password


def test_a_node_that_boots_gets_them_again(safe: Safe, nodes: Nodes) -> None:
    safe.deploy()
    before = {found.id for found in nodes["n2"].containers() if found.name.startswith("safe")}
    with nodes.without("n2"):
        pass
    nodes.heal()
    assert nodes["n2"].shell(f"ls -A {KEPT} 2>/dev/null || true") == ""

    ran = safe("converge")

    found = [found for found in nodes["n2"].containers() if found.name.startswith("safe")]
    assert {one.id for one in found} == before, ran.said
    assert ran.has_line("start safe/web.1", "is missing"), ran.said
    assert read(nodes["n2"], found[0].name, "/run/secrets/password") == safe.password
    assert safe("converge").out.startswith("Nothing to do")


def test_they_go_with_their_project(safe: Safe, nodes: Nodes) -> None:
    safe.deploy()

    safe("down", "safe", given="")

    for node in nodes:
        assert files_with(node, safe.password) == []
        assert node.run("ls", "-A", KEPT) == ""
