"""What several checks of one service say together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.collection import load

consul = load("_consul")


def check(status: str, name: str = "c", service: str = "web", notes: str = "") -> dict[str, Any]:
    return {
        "CheckID": name,
        "ServiceID": service,
        "Status": status,
        "Output": f"{name} is {status}",
        "Notes": notes,
    }


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], ("passing", "")),
        ([check("passing")], ("passing", "")),
        ([check("warning", "w"), check("passing")], ("warning", "w is warning")),
        ([check("warning"), check("critical", "x")], ("critical", "x is critical")),
        ([check("critical", service="other")], ("passing", "")),
        ([check("critical", "disk", service="")], ("critical", "disk is critical")),
        (
            [check("critical"), check("critical", "_service_maintenance:web", notes="why")],
            ("maintenance", "why"),
        ),
        ([check("critical", "_node_maintenance", service="", notes="all")], ("maintenance", "all")),
        ([check("critical", "_service_maintenance:other", service="other")], ("passing", "")),
    ],
    ids=[
        "none",
        "good",
        "warns",
        "worst",
        "other",
        "node",
        "maintenance",
        "node-maint",
        "other-maint",
    ],
)
def test_health(checks: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    assert consul.health_of("web", checks) == expected


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8500", "https://127.0.0.1:8500", "http://", "unix:///x"]
)
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(load("_errors").ActionError, match="consul_url"):
        consul.Consul(url)
