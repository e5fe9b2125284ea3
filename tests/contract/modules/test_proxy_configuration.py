"""The configuration of HAProxy: checked by itself, in place whole, and a reload only for what has changed."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.modules.site import Answer, Call

pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy is not installed"),
]
TEXT = """\
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend requests
    bind 127.0.0.1:80
"""
OTHER = TEXT.replace("1s", "2s")
SYSTEMCTL = """\
#!/bin/sh
cd "$(dirname "$0")"
case $1 in
show) printf 'LoadState=loaded\\nActiveState=%s\\n' "$(cat state)" ;;
start) [ -e gone ] && { echo "Unit $2 not found." >&2; exit 5; } ;;
esac
case $1 in
show) ;;
*) echo "$1 $2" >> asked; echo active > state ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Host:
    """`systemctl` here says what its state file says, and notes what it is asked for."""

    directory: Path

    def configure(self, text: str, routes: str = "1", *, check: bool = False) -> Answer:
        arguments: dict[str, Any] = {
            "configuration": text,
            "record": {"routes": routes},
            "path": str(self.configuration),
            "record_path": str(self.directory / "proxy.json"),
            "_ansible_check_mode": check,
            "_ansible_diff": True,
        }
        path = f"{self.directory}{os.pathsep}{os.environ['PATH']}"
        return Call("proxy_configuration", arguments, PATH=path).answer()

    @property
    def configuration(self) -> Path:
        return self.directory / "haproxy.cfg"

    def asked(self) -> list[str]:
        """What systemd was asked for since the last time."""
        file = self.directory / "asked"
        found = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return found

    def files(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    (tmp_path / "state").write_text("inactive")
    program = tmp_path / "systemctl"
    program.write_text(SYSTEMCTL)
    program.chmod(0o755)
    return Host(tmp_path)


@pytest.fixture
def running(host: Host) -> Host:
    host.configure(TEXT)
    host.asked()
    return host


def test_a_host_that_has_none_gets_it(host: Host) -> None:
    answer = host.configure(TEXT)

    assert answer["done"] == ["write", "start", "record"]
    assert host.asked() == ["start haproxy.service"]
    assert host.configuration.read_text() == TEXT
    assert host.configuration.stat().st_mode & 0o777 == 0o644


def test_nothing_is_done_again(running: Host) -> None:
    answer = running.configure(TEXT)

    assert answer["changed"] is False
    assert running.asked() == []


@pytest.mark.parametrize(
    ("text", "routes", "done"),
    [
        pytest.param(OTHER, "1", ["write", "reload"], id="another text"),
        pytest.param(TEXT, "2", ["reload", "record"], id="a record that differs"),
    ],
)
def test_what_has_changed_reloads(running: Host, text: str, routes: str, done: list[str]) -> None:
    foreseen = running.configure(text, routes, check=True)
    assert running.asked() == []

    answer = running.configure(text, routes)

    assert foreseen["done"] == answer["done"] == done
    assert running.asked() == ["reload haproxy.service"]
    assert answer["diff"]["before"] == TEXT
    assert answer["diff"]["after"] == text


def test_what_haproxy_refuses_is_not_put_in_place(running: Host) -> None:
    before = running.files()

    answer = running.configure(f"{TEXT}    no-such-word\n", "2")

    assert "unknown keyword 'no-such-word'" in answer["msg"]
    assert running.configuration.read_text() == TEXT
    assert running.asked() == []
    assert running.files() == before - {"asked"}
    assert running.configure(TEXT)["changed"] is False


def test_a_host_without_the_unit_is_told_what_to_do(host: Host) -> None:
    (host.directory / "gone").touch()

    answer = host.configure(TEXT)

    assert "Unit haproxy.service not found" in answer["msg"]
    assert "Run `orchestrate provision`" in answer["msg"]
    assert not (host.directory / "proxy.json").exists()
