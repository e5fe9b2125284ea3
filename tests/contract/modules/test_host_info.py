"""What a host has of what the roles put there: asked of this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.modules.site import Call

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    answer = Call("host_info", {}).answer()
    assert answer["changed"] is False
    return dict(answer["host"])


def test_the_address_is_the_one_that_the_kernel_would_send_from(told: dict[str, Any]) -> None:
    route = subprocess.run(
        ["ip", "-4", "route", "get", "8.8.8.8"], capture_output=True, text=True, check=False
    ).stdout.split()

    assert told["address"] == (route[route.index("src") + 1] if "src" in route else "")


def test_resolvers_and_programs_are_found(told: dict[str, Any]) -> None:
    lines = Path("/etc/resolv.conf").read_text().splitlines()
    assert {line.split()[1] for line in lines if line.startswith("nameserver ")} <= set(
        told["nameservers"]
    )
    assert Path(told["commands"]["ip"]).name == "ip"
    assert Path(told["commands"]["nft"]).name == "nft"
    assert [path for path in told["consul"] if not Path(path).exists()] == []


def test_what_is_missing_is_told_as_nothing(told: dict[str, Any]) -> None:
    """This machine is no node."""
    assert told["sums"]["/usr/local/lib/orchestrate/network"] == ""
    assert told["texts"]["/etc/orchestrate/network.json"] == ""
    assert told["daemon"] == {}
    assert told["units"]["orchestrate-network"] == {
        "installed": False,
        "active": False,
        "enabled": False,
    }
