"""Who may reach whom, with a real kernel: replicas in network namespaces on a node's bridge."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from tests.contract.guarded_node import DNS, GATEWAY, REPLICAS, UNDERLAY, Site, made_in

WEB, API, DB, VAULT = REPLICAS
POLICY = {
    "networks": {"front": [WEB, API], "back": [API, DB], "sealed": [VAULT, "198.19.2.2"]},
    "confined": [VAULT],
}
MAY = {(WEB, API), (API, WEB), (API, DB), (DB, API)}
MISSING = [tool for tool in ("ip", "bridge", "iptables", "nft") if not shutil.which(tool)]
pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes network namespaces"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with made_in(tmp_path_factory.mktemp("record"), POLICY) as made:
        yield made


@pytest.fixture(autouse=True)
def as_told(site: Site) -> None:
    site.tell(POLICY)
    site.ask("guard")


def test_exactly_who_shares_a_network_gets_through(site: Site) -> None:
    assert site.reached() == MAY


def test_the_node_gets_through_to_all(site: Site) -> None:
    assert all(site.reaches(GATEWAY, address) for address in REPLICAS)


def test_who_is_confined_has_names_and_no_way_out(site: Site) -> None:
    assert site.reaches(VAULT, GATEWAY, DNS)
    assert not site.reaches(VAULT, UNDERLAY, DNS)
    assert site.reaches(WEB, UNDERLAY, DNS)


def test_another_policy_takes_the_place_of_the_old_one(site: Site) -> None:
    site.tell({"networks": {"all": REPLICAS}, "confined": []})
    assert site.ask("check")["state"] == "drifted"

    site.ask("guard")

    assert site.reached() == set(permutations(REPLICAS, 2))
    assert site.ask("check")["policy"]["networks"] == {"all": REPLICAS}


def test_a_damaged_record_lets_nobody_in(site: Site) -> None:
    (site.directory / "policy.json").write_text("{", encoding="utf-8")

    site.ask("guard")

    assert site.reached() == set()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("nft flush ruleset", id="ruleset"),
        pytest.param("nft delete table inet orchestrate", id="table"),
        pytest.param("nft flush chain inet orchestrate shared", id="chain"),
        pytest.param(f"nft add element inet orchestrate net_front {{ {DB} }}", id="member"),
        pytest.param("nft insert rule inet orchestrate shared accept", id="rule"),
        pytest.param("sysctl -qw net.bridge.bridge-nf-call-iptables=0", id="switch"),
    ],
)
def test_damage_is_seen_and_mended(site: Site, damage: str) -> None:
    site.run(*damage.split())

    assert site.ask("check")["state"] == "drifted"
    assert site.ask("apply")["mended"]
    assert site.ask("check")["problems"] == []
    assert site.reached() == MAY


def test_the_module_tells_the_node_once(site: Site) -> None:
    wanted = {"networks": {"front": [DB, WEB]}, "confined": []}

    foreseen = site.call_module(wanted, check=True)
    done = site.call_module(wanted)
    again = site.call_module(wanted)

    assert (foreseen["changed"], done["changed"], again["changed"]) == (True, True, False)
    assert foreseen["diff"] == done["diff"]
    assert VAULT in done["diff"]["before"]
    assert VAULT not in done["diff"]["after"]
    assert site.reached() == {(WEB, DB), (DB, WEB)}


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"networks": {"a b": []}}, "networks: 'a b' is no name of a network"),
        ({"networks": {"a": ["web"]}}, "a: a list of IPv4 addresses is expected"),
        ({"networks": {}, "confined": ["::1"]}, "confined: a list of IPv4 addresses is expected"),
    ],
)
def test_what_makes_no_sense_is_named_and_changes_nothing(
    site: Site, wanted: dict[str, Any], problem: str
) -> None:
    answer = site.call_module(wanted)

    assert answer["failed"]
    assert problem in answer["msg"]
    assert site.ask("check")["state"] == "ok"
    assert site.reached() == MAY
