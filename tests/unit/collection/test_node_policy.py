"""The table of who may reach whom: what follows from the records, and what differs in the kernel."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.collection import load

node: ModuleType = load("roles/network/files/node_network.py")
policy: ModuleType = load("roles/network/files/node_policy.py")

OWN, PEER = (
    node.Peer(f"n{number}", f"192.0.2.{number}", ipaddress.IPv4Network(f"10.210.{number}.0/24"))
    for number in (1, 2)
)
RECORD = node.Record(OWN, (PEER,), "10.210.0.0/16", True, 0, 210, 4789)
SHOP = policy.Policy({"shop_back": ("10.210.1.2", "10.210.2.2")}, ("10.210.1.2",))
NOBODY = policy.Policy({}, ())


def written(directory: Path, text: str) -> Any:
    (directory / "policy.json").write_text(text, encoding="utf-8")
    return policy.read_policy(str(directory))


def test_a_record_is_read(tmp_path: Path) -> None:
    said = {"networks": {"shop_back": ["10.210.2.2", "10.210.1.2"]}, "confined": ["10.210.1.2"]}

    assert written(tmp_path, json.dumps(said)) == SHOP


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"networks": {"a b": []}, "confined": []}',
        '{"networks": {"a; drop": []}, "confined": []}',
        '{"networks": {"a": ["10.0.0.1 }"]}, "confined": []}',
        '{"networks": {"a": 1}, "confined": []}',
        '{"networks": {}, "confined": ["::1"]}',
    ],
)
def test_a_record_that_makes_no_sense_lets_nobody_in(tmp_path: Path, text: str) -> None:
    assert written(tmp_path, text) == NOBODY


def test_without_a_record_nobody_is_let_in(tmp_path: Path) -> None:
    assert policy.read_policy(str(tmp_path)) == NOBODY


def test_equal_records_give_equal_tables() -> None:
    networks = {"b": ("10.210.1.3", "10.210.1.2"), "a": ()}
    swapped = dict(reversed(networks.items()))

    text = policy.render(RECORD, policy.Policy(networks, ()))

    assert text == policy.render(RECORD, policy.Policy(swapped, ()))
    assert "set net_b { type ipv4_addr; elements = { 10.210.1.2, 10.210.1.3 }; }" in text
    assert "set net_a { type ipv4_addr; }" in text
    assert "set nodes { type ipv4_addr; elements = { 10.210.1.1, 10.210.2.1 }; }" in text


def enforced(**changes: Any) -> Any:
    """What is seen on a node whose kernel holds the table as it was loaded."""
    stamp = policy._stamp(policy.render(RECORD, SHOP))  # noqa: SLF001 - what the file begins with is no more than that
    seen = {"missing": (), "off": (), "shown": "table …\n", "kept": f"{stamp}table …\n"}
    return policy.Enforced(**{**seen, **changes})


@pytest.mark.parametrize(
    ("changes", "problems", "tools"),
    [
        pytest.param({}, [], [], id="whole"),
        pytest.param({"shown": "table, flushed\n"}, ["is not as recorded"], ["load"], id="changed"),
        pytest.param({"shown": ""}, ["is not as recorded"], ["load"], id="deleted"),
        pytest.param({"kept": ""}, ["is not as recorded"], ["load"], id="never-loaded"),
        pytest.param({"off": ("/proc/x",)}, ["/proc/x is off"], ["write"], id="switched-off"),
        pytest.param(
            {"missing": ("/proc/x",)}, ["/proc/x is missing"], ["modprobe"], id="no-module"
        ),
    ],
)
def test_what_differs_is_named(
    changes: dict[str, Any], problems: list[str], tools: list[str]
) -> None:
    found = list(policy.compare_policy(RECORD, SHOP, enforced(**changes), "/etc/orchestrate"))

    assert [step[0] for fault in found for step in fault.steps] == tools
    for fault, problem in zip(found, problems, strict=True):
        assert problem in fault.problem


def test_another_policy_is_loaded() -> None:
    (fault,) = policy.compare_policy(RECORD, NOBODY, enforced(), "/etc/orchestrate")

    assert fault.steps == [("load", policy.render(RECORD, NOBODY), "/etc/orchestrate")]
