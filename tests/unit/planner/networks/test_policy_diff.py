"""How two policies differ, in a sentence."""

from __future__ import annotations

import pytest

from orchestrate.model.network import Policy
from orchestrate.planner.networks.policy_diff import PolicyDiff

LABELS = {"10.1.0.2": "shop/web.1", "10.1.0.3": "shop/web.2"}
WEB, WEBS, MANY = ("10.1.0.2",), ("10.1.0.2", "10.1.0.3"), tuple(f"10.2.0.{n}" for n in range(2, 7))


def policy(*confined: str, **networks: tuple[str, ...]) -> Policy:
    return Policy(networks=networks, confined=confined)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(policy(), policy(a=WEBS), "a admits shop/web.1, shop/web.2", id="new"),
        pytest.param(policy(a=WEB), policy(), "a has no replica here any more", id="gone"),
        pytest.param(
            policy(a=WEB),
            policy(a=("10.1.0.3",)),
            "a admits shop/web.2; a no longer admits shop/web.1",
            id="one-for-another",
        ),
        pytest.param(
            policy(),
            policy(a=MANY),
            "a admits 10.2.0.2, 10.2.0.3, 10.2.0.4 and 2 more",
            id="many-addresses",
        ),
        pytest.param(
            policy(),
            policy(a=WEB, b=WEB, c=WEB, d=WEB, e=()),
            "a admits shop/web.1; b admits shop/web.1; c admits shop/web.1; and 1 more",
            id="many-networks",
        ),
        pytest.param(policy(), policy(*WEB), "no outbound access for shop/web.1", id="confined"),
        pytest.param(policy("10.9.0.9"), policy(), "outbound access for 10.9.0.9", id="freed"),
        pytest.param(policy(a=()), policy(a=()), "", id="same"),
    ],
)
def test_a_change_is_a_sentence(old: Policy, new: Policy, sentence: str) -> None:
    assert PolicyDiff(LABELS).told_apart(old, new) == sentence
