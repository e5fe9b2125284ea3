"""A replica -> what its node's Consul agent is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.spec.lifecycle import Healthcheck
from orchestrate.model.spec.network import Port
from orchestrate.render.registration import registration
from tests.builders import ingress, published, replica

CHECK = Healthcheck(test=("CMD", "true"))
UDP = (Port(target=53, published=53, protocol="udp", mode="host"),)


def test_it_is_named_after_its_container() -> None:
    found = registration(replica(slot=2, expose=(8000,)))

    assert found["id"] == replica(slot=2, expose=(8000,)).name
    assert (found["service"], found["port"], found["tags"]) == ("counter--web", 8000, [])
    assert found["meta"] == {
        "project": "counter",
        "service": "web",
        "slot": "2",
        "revision": replica(expose=(8000,)).revision,
    }


def test_aliases_are_of_its_project() -> None:
    assert registration(replica(aliases=("db", "pg")))["aliases"] == ["counter--db", "counter--pg"]


@pytest.mark.parametrize(
    ("fields", "kind", "port"),
    [
        pytest.param({"expose": (80,)}, "tcp", 80, id="exposed"),
        pytest.param({"ports": published(80)}, "tcp", 80, id="published"),
        pytest.param({"ingress": ingress(port=80)}, "tcp", 80, id="ingress"),
        pytest.param({"ingress": ingress(port=80), "expose": (9,)}, "tcp", 80, id="ingress-first"),
        pytest.param({"expose": (80,), "healthcheck": CHECK}, "engine", 80, id="healthcheck"),
        pytest.param(
            {"expose": (80,), "healthcheck": Healthcheck(test=("NONE",))},
            "tcp",
            80,
            id="healthcheck-switched-off",
        ),
        pytest.param({}, "engine", 0, id="no-port"),
        pytest.param({"expose": (80,), "completes": True}, "none", 80, id="completes"),
        pytest.param({"ports": UDP}, "engine", 53, id="nothing-to-connect-to"),
        pytest.param({"ports": UDP, "expose": (53,)}, "tcp", 53, id="both-protocols"),
    ],
)
def test_the_check_asks_what_knows(fields: dict[str, Any], kind: str, port: int) -> None:
    found = registration(replica(**fields))

    assert (found["check"]["kind"], found["port"]) == (kind, port)
