"""Whether a node has its proxy, as its record and systemd say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.modules.collection import load

proxy_state = load("_proxy_state").proxy_state
Unit = load("_units").Unit
RECORD = json.dumps({"routes": "abc", "sha256": "0" * 64})


@pytest.mark.parametrize(
    ("record", "unit", "state"),
    [
        pytest.param(RECORD, ("loaded", "active"), "running", id="runs"),
        pytest.param(RECORD, ("loaded", "inactive"), "stopped", id="stopped"),
        pytest.param(RECORD, ("not-found", "inactive"), "absent", id="its-package-was-removed"),
        pytest.param(RECORD, ("", ""), "stopped", id="systemd-does-not-answer"),
        pytest.param(None, ("loaded", "active"), "absent", id="never-provisioned"),
    ],
)
def test_a_proxy_is(tmp_path: Path, record: str | None, unit: tuple[str, str], state: str) -> None:
    file = tmp_path / "proxy.json"
    if record is not None:
        file.write_text(record)

    assert proxy_state(str(file), str(tmp_path / "haproxy.cfg"), Unit(*unit))["state"] == state
