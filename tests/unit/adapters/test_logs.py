"""Listening to logs: the real program of the nodes, and an engine's command that says what it is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrate.adapters.ansible.logs import Heard, Source, listen
from orchestrate.adapters.ansible.remote_command import START
from orchestrate.model.log import LogRequest
from tests.until import until

Node = Callable[[str], Source]
ENV = "/usr/bin/env"
WEB, DB = "counter-web-1", "counter-db-1"


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """One whose `docker` is this script; the last of its arguments is the container's name.

    As with `ssh`, what is ended is not the program itself, but the way to it.
    """

    def make(script: str) -> Source:
        docker = tmp_path / "docker"
        docker.write_text(f"#!/bin/sh\nfor name; do :; done\n{script}\n", encoding="utf-8")
        docker.chmod(0o755)
        path = f"PATH={tmp_path}:{os.environ['PATH']}"
        program = [ENV, path, sys.executable, "-IS", "-c", START]
        command = ["sh", "-c", 'exec 3<&0; "$@" <&3 3<&- & wait', "sh", *program]
        return Source(command=command, replicas={WEB: WEB, DB: DB})

    return make


def said(source: Source, **asked: object) -> list[Heard]:
    return list(listen({"n1": source}, LogRequest(**asked)))  # type: ignore[arg-type]


def test_each_line_is_known_by_its_container(node: Node) -> None:
    found = said(node('echo "of $name"; echo "beside" >&2'))

    assert sorted(found) == [
        ("n1", DB, "beside"),
        ("n1", DB, f"of {DB}"),
        ("n1", WEB, "beside"),
        ("n1", WEB, f"of {WEB}"),
    ]


def test_several_nodes_are_listened_to_at_once(node: Node) -> None:
    source = node("echo hello")

    found = list(listen({"n1": source, "n2": source}, LogRequest()))

    assert sorted((one.node, one.replica) for one in found) == [
        ("n1", DB),
        ("n1", WEB),
        ("n2", DB),
        ("n2", WEB),
    ]


@pytest.mark.parametrize(
    ("asked", "flags"),
    [
        pytest.param({}, "--tail=all", id="all"),
        pytest.param({"tail": 0}, "--tail=0", id="none-of-before"),
        pytest.param({"tail": 5, "since": "10m"}, "--tail=5 --since=10m", id="lately"),
        pytest.param({"tail": 5, "follows": True}, "--tail=5 --follow", id="followed"),
    ],
)
def test_what_is_asked_for(node: Node, asked: dict[str, object], flags: str) -> None:
    found = said(node('[ $name = counter-web-1 ] && echo "$@"'), **asked)

    assert found == [("n1", WEB, f"container logs --timestamps {flags} -- {WEB}")]


def test_bytes_of_any_kind_and_long_lines_come_through(node: Node) -> None:
    found = said(node("[ $name = counter-web-1 ] && printf '\\377\\r\\n%0100000d' 7"))

    assert [one.text for one in found] == ["\ufffd", "7".zfill(100_000)]


def test_a_greeting_is_nobodys_log(node: Node) -> None:
    source = node("[ $name = counter-web-1 ] && echo hello")
    greeted = [*["sh", "-c"], 'echo Welcome; echo 7 messages; exec "$@"', "sh", *source.command]

    assert said(Source(command=greeted, replicas=source.replicas)) == [("n1", WEB, "hello")]


def test_why_nothing_is_heard_of_a_node() -> None:
    refused = Source(
        command=["sh", "-c", "echo Welcome; echo 'No route' >&2; exit 255"], replicas={WEB: WEB}
    )

    assert said(refused) == [("n1", "", "No route")]


def test_an_engine_whose_command_is_missing() -> None:
    command = [ENV, "PATH=/nowhere", sys.executable, "-IS", "-c", START]

    found = said(Source(command=command, replicas={WEB: WEB}))

    assert found == [("n1", WEB, "[Errno 2] No such file or directory: 'docker'")]


def test_who_stops_listening_leaves_nothing_running(node: Node, tmp_path: Path) -> None:
    source = node(f"echo $$ > {tmp_path}/$name; echo hello; exec sleep 1000")
    lines: Iterator[Heard] = listen({"n1": source}, LogRequest(follows=True))
    first, second = next(lines), next(lines)

    lines.close()  # type: ignore[attr-defined]

    assert {first.text, second.text} == {"hello"}
    children = [int((tmp_path / name).read_text()) for name in source.replicas]
    until(lambda: not any(map(is_there, children)), "they have ended", within_s=10)


ENGINE = """
first=$HERE/first
case "$1 $2" in
"events "*)
    tab=$(printf '\\t')
    echo "counter-db-1${tab}counter${tab}db${tab}1"
    echo "counter-web-2${tab}counter${tab}web${tab}2"
    echo "counter-web-1${tab}counter${tab}web${tab}1"
    echo "a line that is none"
    exec sleep 1000;;
"container ls") ;;
*)
    echo "2026-11-29T13:00:00.1Z $name 1"
    [ $name = counter-web-1 ] || exec sleep 1000
    [ -e $first ] && echo "2026-11-29T13:00:00.2Z $name 2" && exec sleep 1000
    touch $first;;
esac
"""


def test_who_starts_meanwhile_is_followed_and_who_starts_again_goes_on(
    node: Node, tmp_path: Path
) -> None:
    source = replace(
        node(ENGINE.replace("$HERE", str(tmp_path))), replicas={WEB: WEB}, words=["counter/web"]
    )
    lines: Iterator[Heard] = listen({"n1": source}, LogRequest(follows=True))

    found = [(one.replica, one.text[-1]) for one in (next(lines) for _ in range(3))]
    lines.close()  # type: ignore[attr-defined]

    assert sorted(found) == [(WEB, "1"), (WEB, "2"), ("counter/web.2", "1")]


def is_there(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
    except FileNotFoundError:
        return False
