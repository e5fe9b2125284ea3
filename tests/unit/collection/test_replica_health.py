"""Consul's script check of a replica, and an engine that says what it is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.collection import ROLES
from tests.fake_engine import FakeContainer, fake_engine

PROGRAM = ROLES / "engine/files/replica-health"
SOCKET = "/var/run/docker.sock"
WEB = "shop-web.eu-1"


def health(name: str, socket: str) -> tuple[int, str]:
    text = PROGRAM.read_text(encoding="utf-8").replace(SOCKET, socket)
    ended = subprocess.run(
        [sys.executable, "-IS", "-c", text, name],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert not ended.stderr
    return ended.returncode, ended.stdout.strip()


@pytest.mark.parametrize(
    ("container", "status", "answer"),
    [
        (WEB, "Up 5 minutes", (0, "running, and healthy if it says")),
        (WEB, "Up 5 minutes (healthy)", (0, "running, and healthy if it says")),
        (WEB, "Up 5 minutes (unhealthy)", (2, "running: Up 5 minutes (unhealthy)")),
        ("shop-web-eu-1", "Up 5 minutes", (2, "gone")),
    ],
    ids=["no-probe", "healthy", "unhealthy", "another-name"],
)
def test_the_answer_to_consul(
    tmp_path: Path, container: str, status: str, answer: tuple[int, str]
) -> None:
    with fake_engine(tmp_path, {container: FakeContainer(status=status)}) as engine:
        assert health(WEB, engine.path) == answer


def test_an_engine_that_is_not_there(tmp_path: Path) -> None:
    code, text = health(WEB, str(tmp_path / "none.sock"))

    assert code == 2
    assert text.startswith("the engine cannot be asked: ")
