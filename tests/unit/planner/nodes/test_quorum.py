"""When Consul can do without one of its servers."""

from __future__ import annotations

import pytest

from orchestrate.planner.nodes.quorum import why_needed

ALL = ("n1", "n2", "n3")


@pytest.mark.parametrize(
    ("servers", "voters"),
    [
        pytest.param(ALL, {"n1": True, "n2": True, "n3": True}, id="all-is-well"),
        pytest.param(("n1",), {"n1": True}, id="the-only-one"),
        pytest.param(("n1", "n2"), {"n1": True, "n2": True}, id="two"),
        pytest.param(("n2",), {"n2": False}, id="no-server"),
        pytest.param(
            (*ALL, "n4", "n5"),
            {"n1": True, "n2": True, "n3": True, "n4": True, "n5": False},
            id="enough-others",
        ),
        pytest.param(ALL, {"n1": False, "n2": True, "n3": True}, id="itself-is-away"),
    ],
)
def test_it_may_go(servers: tuple[str, ...], voters: dict[str, bool]) -> None:
    assert why_needed("n1", servers, voters) == ""


@pytest.mark.parametrize(
    ("voters", "why"),
    [
        pytest.param({"n1": True, "n2": True}, "n3 has no vote yet", id="one-has-just-joined"),
        pytest.param(
            {"n1": True, "n2": True, "n3": False}, "n3 is not alive", id="another-is-dead"
        ),
        pytest.param({"n1": True}, "n2 has no vote yet", id="two-have-just-joined"),
    ],
)
def test_it_is_needed(voters: dict[str, bool], why: str) -> None:
    assert why_needed("n1", ALL, voters) == f"Consul cannot do without it: {why}"
