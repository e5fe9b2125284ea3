"""A command inside a container, as a real engine runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

from orchestrate.adapters.ansible.node_program import by_argument
from tests.contract.modules.site import PROJECT, Site
from tests.terminal import terminal

pytestmark = pytest.mark.contract
WEB = f"{PROJECT}-web-1-r1"


@pytest.fixture
def web(site: Site) -> Site:
    sleeping = ["/bin/sh", "-c", "exec sleep 1000"]
    site.replicas(site.start(WEB, "none", entrypoint=sleeping, monitor_s=0))
    return site


def program(site: Site, *command: str, user: str = "", has_terminal: bool = False) -> list[str]:
    request = {
        "container": WEB,
        "command": command,
        "user": user,
        "has_terminal": has_terminal,
        "docker_socket": site.parameters["docker_socket"],
    }
    return [sys.executable, "-IS", *by_argument("_exec", request)]


def run(words: Sequence[str], text: bytes = b"") -> tuple[int, bytes, bytes]:
    ended = subprocess.run(words, input=text, capture_output=True, check=False, timeout=60)
    return ended.returncode, ended.stdout, ended.stderr


def test_pipes_and_exit_codes(web: Site) -> None:
    script = 'cat; echo "$1" >&2; exit 7'

    assert run(program(web, "sh", "-c", script, "sh", "it's $HOME"), b"x\n" * 200_000) == (
        *(7, b"x\n" * 200_000),
        b"it's $HOME\n",
    )
    assert run(program(web, "id", "-u", user="5678")) == (0, b"5678\n", b"")


def test_a_command_and_a_container_that_are_not_there(web: Site) -> None:
    code, out, err = run(program(web, "no-such-command"))
    web.client.containers.get(WEB).remove(force=True)

    assert code in {126, 127}
    assert b"no-such-command" in out + err
    assert run(program(web, "id")) == (
        *(1, b""),
        f"the Docker Engine refuses: No such container: {WEB}\n".encode(),
    )


def test_a_terminal(web: Site) -> None:
    """With the keys, the size and the exit code of a shell."""
    with terminal(program(web, "sh", has_terminal=True), size=(33, 101)) as shell:
        shell.type("test -t 0 && stty size\n")
        shell.until_it_shows("33 101")
        assert shell.mode() != shell.mode_before
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
        assert shell.mode() == shell.mode_before
