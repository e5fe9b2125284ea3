"""Can a replica run on a node, and if not, what is said."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import Replica
from orchestrate.planner.placement.filters import (
    broken_constraint,
    eviction,
    explain,
    is_eligible,
    refusal,
)
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.scheduler.amounts import Left
from orchestrate.scheduler.demand import CORE
from orchestrate.scheduler.filters import Refusal
from tests.builders import (
    GIB,
    container_of,
    mounted,
    node,
    published,
    replica,
    reserved,
    serving,
)

OTHER = replica(name="other", ports=published(8080), resources=reserved(memory=GIB // 2, cpus=3))
DATA = replica(slot=2, mounts=mounted())


def refused(on: ObservedNode, **fields: Any) -> str | None:
    return refusal(replica(**fields), open_ledger([on])["n1"])


@pytest.mark.parametrize(
    ("fields", "on", "reason"),
    [
        pytest.param({}, node(), None, id="anything-anywhere"),
        pytest.param(
            {},
            node(network=Part(state="absent"), consul=Part(state="absent")),
            "not provisioned (network and Consul agent missing)",
            id="bare",
        ),
        pytest.param({}, node(network=Part(state="drifted")), None, id="drifted-is-mended-first"),
        pytest.param({"resources": reserved(memory=GIB)}, node(), None, id="memory-just-fits"),
        pytest.param(
            {"resources": reserved(memory=GIB)},
            serving(OTHER),
            "memory, needs 1.0 GiB",
            id="memory-is-reserved",
        ),
        pytest.param({"resources": reserved(cpus=1)}, serving(OTHER), None, id="cpus-just-fit"),
        pytest.param(
            {"ports": published(80, 8080)}, serving(OTHER), "host port 8080 is taken", id="port"
        ),
        pytest.param(
            {"ports": published(80)},
            node(published=frozenset({(80, "udp")})),
            None,
            id="port-of-the-other-protocol",
        ),
        pytest.param(
            {"platform": "linux/arm64"},
            node(platform={"os": "linux", "arch": "arm64"}),
            None,
            id="its-platform",
        ),
        pytest.param(
            {"max_replicas_per_node": 2}, serving(replica(slot=2)), None, id="one-more-is-allowed"
        ),
        pytest.param(
            {"mounts": mounted()},
            serving(DATA),
            "volume counter_data is in use by another replica",
            id="volume-of-a-sibling",
        ),
        pytest.param(
            {"name": "other", "mounts": mounted()},
            serving(DATA),
            None,
            id="volume-of-another-service",
        ),
    ],
)
def test_a_reason(fields: dict[str, Any], on: ObservedNode, reason: str | None) -> None:
    assert refused(on, **fields) == reason


def test_a_volume_waits_for_those_that_nobody_wants() -> None:
    old = container_of(replica(name="old", mounts=mounted()))
    account = open_ledger([node(containers=(old,))], wanted={("counter", "web")})["n1"]

    assert refusal(replica(mounts=mounted()), account) == (
        "volume counter_data is in use by a container that has to go first"
    )
    account.leave(old)
    assert refusal(replica(mounts=mounted()), account) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"consul": Part(state="stopped")}, "could not be mended", id="agent"),
        pytest.param(
            {"network": Part(state="ok", problems=("no route",))},
            "could not be mended",
            id="network",
        ),
        pytest.param({"proxy": Part(state="stopped")}, None, id="proxy"),
    ],
)
def test_what_was_mended_in_vain_takes_nothing_new(
    fields: dict[str, Any], reason: str | None
) -> None:
    account = open_ledger([node(**fields)], unrepaired={"n1"})["n1"]

    assert refusal(replica(), account) == reason


def test_want_of_room_does_not_make_a_node_the_wrong_one() -> None:
    large = replica(resources=reserved(memory=9 * GIB))

    assert is_eligible(large, open_ledger([node()])["n1"])
    assert not is_eligible(large, open_ledger([node(availability="cordoned")])["n1"])


NODE = node(
    name="n1",
    address="10.1.2.3",
    labels={"zone": "A", "Disk": "ssd", "rack": "12"},
    engine_labels={"com.example.disk": "SSD", "zone": "b"},
    variables={"tier": "Gold", "unit": "7"},
    groups=frozenset({"edge", "web"}),
    platform={"os": "linux", "arch": "amd64"},
)


@pytest.mark.parametrize(
    "line",
    [
        "node.labels.zone == a",
        "node.labels.zone != b",
        "node.labels.Disk == SSD",
        "node.labels.disk != ssd",
        "node.labels.none != x",
        "engine.labels.com.example.disk == ssd",
        "engine.labels.zone == b",
        "engine.labels.Disk != ssd",
        "node.hostname == N1",
        "node.hostname != n2",
        "node.group == edge",
        "node.group == web",
        "node.group != app",
        "node.platform.os == linux",
        "node.platform.arch != arm64",
        "node.role == worker",
        "node.ip == 10.1.2.3",
        "node.ip == 10.0.0.0/8",
        "node.ip == 10.1.2.77/24",
        "node.ip != 10.9.0.0/16",
        "node.ip != fd00::/8",
        "node.ip in fd00::/8, 10.1.0.0/16",
        "node.ip not in fd00::/8, 10.9.0.0/16",
        "node.labels.zone in b, a",
        "node.labels.zone not in b, c",
        "node.labels.none not in b, c",
        "node.group in edge, app",
        "node.hostname =~ N[0-9]",
        "node.group =~ e.*",
        "node.labels.rack > 11.5",
        "node.labels.rack < 13",
        "node.vars.tier == gold",
        "node.vars.unit in 6, 7",
        "node.vars.unit > 6",
        "node.vars.none != x",
    ],
)
def test_a_constraint_that_holds(line: str) -> None:
    assert broken_constraint(constraints(line), NODE) is None


@pytest.mark.parametrize(
    "line",
    [
        "node.labels.zone == b",
        "node.labels.zone != A",
        "node.labels.none == x",
        "engine.labels.zone == a",
        "engine.labels.Disk == ssd",
        "node.hostname == n",
        "node.group != edge",
        "node.group == all",
        "node.platform.arch == arm64",
        "node.role == manager",
        "node.ip == 10.1.2.4",
        "node.ip != 10.1.2.0/24",
        "node.labels.zone in b, c",
        "node.labels.none in b",
        "node.group not in edge, app",
        "node.hostname =~ n",
        "node.labels.rack > 12",
        "node.labels.rack < 12",
        "node.labels.zone > 1",
        "node.labels.none < 1",
        "node.vars.tier == silver",
        "node.vars.Tier == gold",
        "node.vars.none == gold",
    ],
)
def test_a_constraint_that_does_not(line: str) -> None:
    assert broken_constraint(constraints(line), NODE) == line


def constraints(*lines: str) -> Any:
    return replica(constraints=lines).service.deploy.constraints


def test_an_address_that_is_not_known_is_in_no_range() -> None:
    assert broken_constraint(constraints("node.ip == 0.0.0.0/0"), node())
    assert broken_constraint(constraints("node.ip != 0.0.0.0/0"), node()) is None


def test_servers_of_consul_are_managers() -> None:
    assert broken_constraint(constraints("node.role == manager"), node(serves_consul=True)) is None


def test_a_platform_that_is_not_known_is_no_platform() -> None:
    assert broken_constraint(constraints("node.platform.os == linux"), node())


@pytest.mark.parametrize(
    ("wanted", "on", "reason"),
    [
        pytest.param(replica(), node(availability="cordoned"), None, id="cordoned"),
        pytest.param(
            replica(), node(availability="draining"), "n1 is being drained", id="draining"
        ),
        pytest.param(replica(resources=reserved(memory=9 * GIB)), node(), None, id="no-room"),
        pytest.param(
            replica(), node(runs_containers=False), "n1 no longer runs containers", id="retired"
        ),
        pytest.param(
            replica(platform="linux/arm64"),
            node(platform={"os": "linux", "arch": "amd64"}),
            "n1 is linux/amd64, not linux/arm64",
            id="other-platform",
        ),
    ],
)
def test_what_sends_a_replica_away(wanted: Replica, on: ObservedNode, reason: str | None) -> None:
    assert eviction(wanted, on) == reason


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        pytest.param([], "no node runs containers", id="none"),
        pytest.param([("cordoned", "1")], "1 node: cordoned", id="one"),
        pytest.param(
            [("b", "1"), ("a", "2"), ("c", "34")],
            "2 nodes: c; 1 node: a; 1 node: b",
            id="most-first",
        ),
        pytest.param([("a", "1"), ("b", "2"), ("a", "3")], "2 nodes: a; 1 node: b", id="together"),
    ],
)
def test_reasons_are_counted(reasons: list[tuple[str, str]], said: str) -> None:
    """Of each reason, the nodes stand behind it."""
    assert explain(Refusal(reason, tuple(nodes)) for reason, nodes in reasons) == said


@pytest.mark.parametrize(
    ("kind", "amounts", "said"),
    [
        pytest.param("memory", (GIB, 2 * GIB - 1), "1.9 GiB", id="memory-rounded-down"),
        pytest.param("cpus", (CORE // 4,), "0.25", id="cpus"),
        pytest.param("generic gpu", (0, 3), "3", id="pieces"),
    ],
)
def test_of_those_that_lack_the_same_the_freest_is_said(
    kind: str, amounts: tuple[int, ...], said: str
) -> None:
    """Nodes that were asked one by one lack the same, whatever each has."""
    each = [Refusal("too little", ("n1",), Left(kind, amount)) for amount in amounts]
    count = "1 node" if len(amounts) == 1 else "2 nodes"

    assert explain(each) == f"{count}: too little, the freest has {said}"
