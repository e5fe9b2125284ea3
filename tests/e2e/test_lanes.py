"""Nodes are looked at through `ssh` alone where that is enough, and by a play where it is not."""

from __future__ import annotations

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("counter")]
_BY_PLAY = ("-e", "ansible_become=true", "-e", "ansible_become_method=su")
"""Root may become root by it; only Ansible knows how it is asked for."""


def test_both_see_the_same(orchestrate: Orchestrate) -> None:
    by_play = orchestrate("ps", "-o", "json", *_BY_PLAY).json

    assert by_play == orchestrate("ps", "-o", "json").json
    assert len(by_play) == 4
    assert orchestrate("converge", *_BY_PLAY).out.startswith("Nothing to do")


def test_a_host_on_which_it_fails_is_asked_by_a_play(
    orchestrate: Orchestrate, nodes: Nodes
) -> None:
    """Without Python neither lane gets an answer; that the play was tried shows in its words."""
    broken = next(iter(nodes))
    broken.run("mv", "/usr/bin/python3", "/usr/bin/python3.kept")
    try:
        shown = {row["node"]: row for row in orchestrate("nodes", "-o", "json").json}
    finally:
        broken.run("mv", "/usr/bin/python3.kept", "/usr/bin/python3")

    assert shown[broken.name]["status"] == "unknown"
    assert "/usr/bin/python3" in str(shown[broken.name]["problems"]), shown[broken.name]
    assert {row["status"] for name, row in shown.items() if name != broken.name} == {"ready"}
