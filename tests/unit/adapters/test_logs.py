"""Listening to logs: the real program of the nodes, and an engine that says what it is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestrate.adapters.ansible.logs import Heard, Source, listen
from orchestrate.adapters.ansible.node_program import START
from orchestrate.model.log import LogRequest
from tests.fake_engine import ERR, OUT, FakeContainer, FakeEngine, fake_engine, frame
from tests.until import until

WEB, DB = "counter-web-1", "counter-db-1"
LOGGED = "2026-11-29T13:00:00.00000000{}Z {}"


def line(text: str, second: int = 1, stream: int = OUT) -> bytes:
    return frame(stream, LOGGED.format(second, text).encode() + b"\n")


def labels(service: str, slot: int) -> dict[str, str]:
    return {
        "com.docker.compose.project": "counter",
        "com.docker.compose.service": service,
        "orchestrate.slot": str(slot),
    }


def node(engine: FakeEngine | Path, *containers: str) -> Source:
    """As with `ssh`, what is ended is not the program itself, but the way to it."""
    program = [sys.executable, "-IS", "-c", START]
    socket = engine.path if isinstance(engine, FakeEngine) else str(engine)
    script = f'exec 3<&0; "$@" <&3 3<&- & echo $! >{socket}.listener; wait'
    command = ["sh", "-c", script, "sh", *program]
    replicas = {name: name for name in containers or (WEB, DB)}
    return Source(command=command, replicas=replicas, docker_socket=socket)


def said(source: Source, **asked: object) -> list[Heard]:
    return list(listen({"n1": source}, LogRequest(**asked)))  # type: ignore[arg-type]


def test_each_line_is_known_by_its_container(tmp_path: Path) -> None:
    web = FakeContainer(logs=[line("out") + line("beside", 2, ERR)])
    db = FakeContainer(logs=[LOGGED.format(1, "in a terminal\r\n").encode()], has_terminal=True)
    with fake_engine(tmp_path, {WEB: web, DB: db}) as engine:
        found = said(node(engine))

    assert sorted(found) == [
        ("n1", DB, LOGGED.format(1, "in a terminal")),
        ("n1", WEB, LOGGED.format(1, "out")),
        ("n1", WEB, LOGGED.format(2, "beside")),
    ]


def test_several_nodes_are_listened_to_at_once(tmp_path: Path) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer(logs=[line("hello")] * 9)}) as engine:
        source = node(engine, WEB)
        found = list(listen({"n1": source, "n2": source}, LogRequest()))

    assert {one.node for one in found} == {"n1", "n2"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, {"tail": "all", "follow": "0"}, id="all"),
        pytest.param({"tail": 0}, {"tail": "0", "follow": "0"}, id="none-of-before"),
        pytest.param(
            {"tail": 5, "since": datetime(2026, 11, 29, 13, tzinfo=UTC)},
            {"tail": "5", "follow": "0", "since": "1795957200.000000"},
            id="since",
        ),
    ],
)
def test_what_is_asked_for(
    tmp_path: Path, asked: dict[str, object], expected: dict[str, str]
) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer()}) as engine:
        said(node(engine, WEB), **asked)
        (question,) = engine.questions("logs")

    assert question == {"stdout": "1", "stderr": "1", "timestamps": "1", **expected}


def test_how_long_ago_is_counted_by_the_clock_of_the_node(tmp_path: Path) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer()}) as engine:
        before = datetime.now(UTC) - timedelta(hours=1)
        said(node(engine, WEB), since=timedelta(hours=1))
        (question,) = engine.questions("logs")

    assert 0 <= float(question["since"]) - before.timestamp() < 60


def test_bytes_of_any_kind_and_long_lines_come_through(tmp_path: Path) -> None:
    """The engine splits a long line, and stamps each part."""
    parts = [frame(OUT, LOGGED.format(2, "7" * 16_384).encode()) for _ in range(3)]
    log = frame(OUT, LOGGED.format(1, "").encode() + b"\xff\r\n") + b"".join(parts) + line("", 2)
    with fake_engine(tmp_path, {WEB: FakeContainer(logs=[log])}) as engine:
        found = said(node(engine, WEB))

    assert [one.text for one in found] == [
        LOGGED.format(1, "\ufffd"),
        LOGGED.format(2, "7" * 3 * 16_384),
    ]


def test_a_greeting_is_nobodys_log(tmp_path: Path) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer(logs=[line("hello")])}) as engine:
        source = node(engine, WEB)
        greeted = ["sh", "-c", 'echo Welcome; echo 7 messages; exec "$@"', "sh", *source.command]
        found = said(replace(source, command=greeted))

    assert found == [("n1", WEB, LOGGED.format(1, "hello"))]


def test_why_nothing_is_heard_of_a_node() -> None:
    refused = Source(
        command=["sh", "-c", "echo Welcome; echo 'No route' >&2; exit 255"], replicas={WEB: WEB}
    )

    assert said(refused) == [("n1", "", "No route")]


def test_a_container_and_an_engine_that_are_not_there(tmp_path: Path) -> None:
    with fake_engine(tmp_path) as engine:
        gone = said(node(engine, WEB))
    socket = tmp_path / "none.sock"
    silent = said(node(socket, WEB))

    assert gone == [("n1", WEB, f"No such container: {WEB}")]
    assert silent == [
        ("n1", WEB, f"Docker Engine at {socket} does not run: No such file or directory")
    ]


def test_who_stops_listening_leaves_nothing_running(tmp_path: Path) -> None:
    web = FakeContainer(logs=[line("hello")], held=True)
    with fake_engine(tmp_path, {WEB: web}) as engine:
        lines: Iterator[Heard] = listen({"n1": node(engine, WEB)}, LogRequest(follows=True))
        next(lines)
        listener = int(Path(f"{engine.path}.listener").read_text(encoding="ascii"))
        assert is_there(listener)

        lines.close()  # type: ignore[attr-defined]

        until(lambda: not is_there(listener), "it has ended", within_s=10)


def is_there(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
    except FileNotFoundError:
        return False


def test_replicas_that_start_meanwhile_are_followed_and_those_that_start_again_go_on(
    tmp_path: Path,
) -> None:
    containers = {
        WEB: FakeContainer(logs=[line("first"), line("again", 2)], labels=labels("web", 1)),
        DB: FakeContainer(logs=[line("not meant")], labels=labels("db", 1)),
        "counter-web-2": FakeContainer(logs=[line("new")], labels=labels("web", 2)),
    }
    with fake_engine(tmp_path, containers, [DB, "counter-web-2", WEB]) as engine:
        source = replace(node(engine, WEB), words=["counter/web"])
        lines: Iterator[Heard] = listen({"n1": source}, LogRequest(follows=True))
        found = [(one.replica, one.text.split()[-1]) for one in (next(lines) for _ in range(3))]
        lines.close()  # type: ignore[attr-defined]
        questions = engine.questions("logs")
        filters = json.loads(engine.questions("events")[0]["filters"])

    assert sorted(found) == [(WEB, "again"), (WEB, "first"), ("counter/web.2", "new")]
    assert "1795957200.000000001" in [question.get("since") for question in questions]
    assert filters == {"type": ["container"], "event": ["start"], "label": ["orchestrate.slot"]}
