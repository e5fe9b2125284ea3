"""The nodes that a node has routes to, as its own record says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.modules.collection import load

network_state = load("_network_state").network_state
RECORD = {"name": "n1", "peers": [{"name": "n1"}, {"name": "n2"}, {"name": "n3"}]}


@pytest.mark.parametrize(
    ("text", "peers"),
    [
        pytest.param(json.dumps(RECORD), ["n2", "n3"], id="all-but-itself"),
        pytest.param("{", [], id="damaged"),
        pytest.param("[]", [], id="no-record"),
        pytest.param(None, [], id="missing"),
    ],
)
def test_peers(tmp_path: Path, text: str | None, peers: list[str]) -> None:
    record = tmp_path / "network.json"
    if text is not None:
        record.write_text(text)

    found = network_state(str(tmp_path / "none"), str(record), engine_sleeps=False)

    assert (found["state"], found["peers"]) == ("absent", peers)
