"""Programs that are sent to a node: `exec` as it is there, and an engine that says what it is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestrate.adapters.ansible.node_program import by_argument
from tests.fake_engine import FakeContainer, FakeEngine, fake_engine
from tests.terminal import terminal
from tests.until import until

WEB = "counter-web-1"


def program(engine: FakeEngine, *, container: str = WEB, has_terminal: bool = False) -> list[str]:
    request = {
        "container": container,
        "command": ["cat", "it's a; $HOME"],
        "user": "1000",
        "has_terminal": has_terminal,
        "docker_socket": engine.path,
    }
    return [sys.executable, "-IS", *by_argument("_exec", request)]


def run(words: Sequence[str], text: bytes) -> tuple[int, bytes, bytes]:
    ended = subprocess.run(words, input=text, capture_output=True, check=False, timeout=60)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_command_has_our_input_and_both_outputs(tmp_path: Path) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer()}) as engine:
        ended = run(program(engine), b"a\nb\n")
        asked = engine.bodies[0]

    assert ended == (7, b"A\nB\n", b"4 bytes\n")
    assert (asked["Cmd"], asked["User"], asked["Tty"]) == (["cat", "it's a; $HOME"], "1000", False)


def test_much_input_and_a_reader_that_has_enough(tmp_path: Path) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer()}) as engine:
        words = program(engine)
        code, out, _ = run(words, b"x\n" * 500_000)
        head = run(["sh", "-c", '"$@" | head -n 1', "sh", *words], b"x\n" * 500_000)

    assert (code, out) == (7, b"X\n" * 500_000)
    assert head[:2] == (0, b"X\n")
    assert b"Traceback" not in head[2]


def test_why_a_command_cannot_be_run(tmp_path: Path) -> None:
    with fake_engine(tmp_path) as engine:
        ended = run(program(engine), b"")

    assert ended == (1, b"", b"the Docker Engine refuses: No such container: x\n")


def test_a_terminal_is_raw_and_has_our_size_until_it_ends(tmp_path: Path) -> None:
    with fake_engine(tmp_path, {WEB: FakeContainer()}) as engine:
        words = program(engine, has_terminal=True)
        with terminal(words, size=(33, 101)) as shell:
            until(lambda: shell.mode() != shell.mode_before, "it is raw")
            until(lambda: engine.questions("resize"), "it has told its size")
            shell.resize(50, 60)
            until(lambda: len(engine.questions("resize")) > 1, "it has told the new one")
            shell.type("\x03 to all\n")
            shell.until_it_shows("\x03 TO ALL\n")
            assert shell.ended() == 7
            assert shell.mode() == shell.mode_before
        sizes = engine.questions("resize")

    assert sizes == [{"h": "33", "w": "101"}, {"h": "50", "w": "60"}]


def test_a_person_sees_on_the_node_what_is_run() -> None:
    words = by_argument("_exec", {"container": WEB, "command": ["id"]})

    assert words[2] == '{"container": "counter-web-1", "command": ["id"]}'
    assert sum(map(len, words)) < 20_000
