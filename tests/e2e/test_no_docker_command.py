"""Nodes without the `docker` command, as Debian 13 leaves it out: all goes by the engine's socket."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes
from tests.terminal import terminal

pytestmark = pytest.mark.e2e
COMMANDS = ("docker", "curl")


@pytest.fixture
def bare(counter: None, nodes: Nodes) -> Iterator[None]:  # noqa: ARG001
    for node in nodes:
        for command in COMMANDS:
            node.shell(f"mv /usr/bin/{command} /usr/bin/{command}.away")
    yield
    for node in nodes:
        for command in COMMANDS:
            node.shell(f"mv /usr/bin/{command}.away /usr/bin/{command}")


@pytest.mark.usefixtures("bare")
def test_a_command_with_pipes(orchestrate: Orchestrate) -> None:
    words = [sys.executable, "-m", "orchestrate", "exec", "counter/web.1"]
    ended = subprocess.run(
        [*words, "sh", "-c", "cat; echo beside >&2; exit 7"],
        input=b"x\n" * 200_000,
        env=orchestrate.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (7, b"x\n" * 200_000, b"beside\n")


@pytest.mark.usefixtures("bare")
def test_a_shell_in_a_terminal(orchestrate: Orchestrate) -> None:
    words = [sys.executable, "-m", "orchestrate", "exec", "counter/web.1"]
    with terminal(words, orchestrate.environment(), size=(33, 101)) as shell:
        shell.type("test -t 0 && stty size\n")
        shell.until_it_shows("33 101")
        shell.resize(50, 60)
        shell.type('while [ "$(stty size)" != "50 60" ]; do :; done; echo resized-$((1 + 1))\n')
        shell.until_it_shows("resized-2")
        shell.type("sh -c 'echo begun-$((1 + 1)); exec sleep 1000'\n")
        shell.until_it_shows("begun-2")
        shell.type("\x03")
        shell.type("echo back-$((1 + 1))\n")
        shell.until_it_shows("back-2")
        shell.type("exit 9\n")
        assert shell.ended() == 9


@pytest.mark.usefixtures("bare")
def test_logs(orchestrate: Orchestrate) -> None:
    say = ("exec", "counter/web.1", "sh", "-c")
    orchestrate(*say, "echo before >/proc/1/fd/1")
    followed = orchestrate.start("logs", "--follow", "counter/web.1")
    followed.until_it_says("before")
    orchestrate(*say, "echo meanwhile >/proc/1/fd/1")
    followed.until_it_says("meanwhile")
    followed.process.terminate()

    assert orchestrate("logs", "counter/web.1", "--since", "10m").has_line("meanwhile")


@pytest.mark.usefixtures("bare")
def test_a_replica_with_a_healthcheck_gets_passing(
    orchestrate: Orchestrate, changed: Callable[..., str], tmp_path: Path
) -> None:
    orchestrate("deploy", "-f", changed(environment={"VERSION": str(tmp_path)}))

    rows = orchestrate("ps", "-o", "json").json
    assert {row["health"] for row in rows} == {"passing"}
