"""The channel lane: what is concluded from what comes back, and what is left to a play."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable

import pytest

from orchestrate.adapters.ansible.channel import Answer, Channel, Request
from orchestrate.adapters.ansible.node_program import START
from orchestrate.errors import StoppedError


def answer(
    script: str, *, within_s: float = 20, is_cancelled: Callable[[], bool] = lambda: False
) -> Answer:
    channel = Channel(at_once=2, within_s=within_s, is_cancelled=is_cancelled)
    request = Request(command=["sh", "-c", script], parameters={})
    return channel.ask({"n1": request})["n1"]


def test_an_answer_is_the_last_line() -> None:
    said = answer("cat >/dev/null; echo 'Welcome to n1'; echo '{\"hostname\": \"n1\"}'")

    assert said == Answer(node={"hostname": "n1"})


def test_ssh_that_finds_no_way_is_believed() -> None:
    said = answer("echo 'ssh: connect to host n1 port 22: Connection refused' >&2; exit 255")

    assert said == Answer(silence="ssh: connect to host n1 port 22: Connection refused")


@pytest.mark.parametrize(
    "script",
    [
        "exit 127",  # no Python
        "echo 'sudo: a password is required' >&2; exit 1",
        "echo 'This account is restricted.'",
        "echo '[]'",
        "true",
    ],
)
def test_all_else_is_left_to_a_play(script: str) -> None:
    assert answer(f"cat >/dev/null; {script}") == Answer()


def test_a_program_that_is_not_there() -> None:
    channel = Channel(at_once=2, within_s=20, is_cancelled=lambda: False)

    said = channel.ask({"n1": Request(command=["/nowhere/ssh"], parameters={})})

    assert said == {"n1": Answer()}


def test_a_host_that_is_slow_to_take_the_question_gets_all_of_it() -> None:
    """More than a pipe holds: on a busy machine less is taken at once."""
    images = [secrets.token_hex(100_000)]
    channel = Channel(at_once=1, within_s=20, is_cancelled=lambda: False)
    script = 'sleep 0.5; echo "{\\"taken\\": $(wc -c)}"'

    said = channel.ask({"n1": Request(command=["sh", "-c", script], parameters={"r": images})})

    assert said["n1"].node
    assert said["n1"].node["taken"] > len(images[0]) / 2


def test_what_takes_too_long_is_ended() -> None:
    assert answer("exec sleep 1000", within_s=0.5) == Answer()


def test_what_is_cancelled_is_ended() -> None:
    with pytest.raises(StoppedError, match="nothing was changed"):
        answer("exec sleep 1000", is_cancelled=lambda: True)


def test_a_ctrl_c_is_for_the_command_alone() -> None:
    """Were ssh interrupted too, its host would seem to be silent."""
    said = answer('cat >/dev/null; echo "{\\"group\\": $(ps -o pgid= -p $$)}"')

    assert said.node
    assert said.node["group"] != os.getpgrp()


def test_each_host_has_its_own_answer() -> None:
    channel = Channel(at_once=2, within_s=20, is_cancelled=lambda: False)
    scripts = {f"n{number}": f"echo '{{\"at\": {number}}}'" for number in range(5)}

    said = channel.ask(
        {
            name: Request(command=["sh", "-c", f"cat >/dev/null; {script}"], parameters={})
            for name, script in scripts.items()
        }
    )

    assert said == {f"n{number}": Answer(node={"at": number}) for number in range(5)}


def test_the_program_imports_what_it_is_sent() -> None:
    """From nothing but its standard input; what a machine without any of our parts says is an answer, too."""
    request = Request(
        command=[sys.executable, "-IS", "-c", START],
        parameters={"docker_socket": "/nowhere/docker.sock", "consul_url": "http://127.0.0.1:9"},
    )

    said = Channel(at_once=1, within_s=60, is_cancelled=lambda: False).ask({"n1": request})["n1"]

    assert said.node
    assert said.node["engine"]["state"] != "running"
    assert said.node["consul"]["state"] != "running"
