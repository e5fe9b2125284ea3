"""Which of the added nodes are given back, and when."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.settings import Settings
from orchestrate.model.spec.service import Service
from orchestrate.views.explain import explain
from tests.builders import (
    NOW,
    container_of,
    node,
    observed,
    project,
    registration_of,
    replica,
    service,
)
from tests.observed import STOPPED
from tests.planning import reconciled, settings_with

REMOVES = settings_with(remove_node="/srv/remove.yml")
AGENT = service(name="agent", mode="global")


def plan(one: ObservedNode, *wanted: Service, **fields: Any) -> Plan:
    known: dict[str, Any] = {"settings": REMOVES, "projects": (project(*wanted),)}
    return reconciled(observed(node(), one), **known | fields)


def added(added: str = "woken", *, runs: Service | None = None, **fields: Any) -> ObservedNode:
    """n4, which has been empty for ten minutes."""
    here = (replica(runs),) if runs else ()
    known: dict[str, Any] = {
        "empty_since": NOW - 600,
        "containers": tuple(container_of(one) for one in here),
        "registrations": tuple(registration_of(one) for one in here),
        "tags": frozenset(one.service.image for one in here),
    }
    return node(name="n4", added=added, **known | fields)


def last(found: Plan) -> list[str]:
    """What is said of hosts, at the end."""
    said = list(explain(found))
    start = next((at for at, text in enumerate(said) if "Release nodes" in text), len(said))
    return said[start + 1 :]


def test_a_woken_host_stands_by_again() -> None:
    assert last(plan(added())) == ["   - n4: release (empty for 10 min)"]


def test_a_made_node_is_drained_and_then_taken_away() -> None:
    assert last(plan(added("made"))) == ["   - n4: release (empty for 10 min)"]
    assert last(plan(added("made", availability="draining"))) == [
        "   - n4: remove by /srv/remove.yml (empty for 10 min)"
    ]


def test_a_replica_of_a_global_service_keeps_no_node_but_goes_before_it_does() -> None:
    assert last(plan(added("made", runs=AGENT), AGENT)) != []
    assert last(plan(added("made", runs=AGENT, availability="draining"), AGENT)) == []


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        pytest.param(added(""), (), id="never-added"),
        pytest.param(added(empty_since=None), (), id="not-empty"),
        pytest.param(added(empty_since=NOW - 599), (), id="not-for-long"),
        pytest.param(added(runs=service()), (service(),), id="used-again"),
        pytest.param(added(runs=service()), (), id="somebody-elses"),
        pytest.param(added(volumes={"counter_data": "counter"}), (), id="has-data"),
        pytest.param(added(engine=STOPPED), (), id="cannot-be-read"),
        pytest.param(added("made", availability="cordoned"), (), id="a-person-works-on-it"),
        pytest.param(
            added("made", availability="draining", tried_at=NOW - 599), (), id="just-failed"
        ),
        pytest.param(added(), (service(replicas=2),), id="needed-now"),
    ],
)
def test_others_stay(one: ObservedNode, wanted: tuple[Service, ...]) -> None:
    assert last(plan(one, *wanted)) == []


def test_without_a_playbook_a_made_node_stays() -> None:
    assert last(plan(added("made"), settings=Settings())) == []
    assert last(plan(added("made", availability="draining"), settings=Settings())) == []


def test_only_what_may_be_changed() -> None:
    assert last(plan(added(), limit=frozenset({"n1"}))) == []
    assert last(plan(added(), limit=frozenset({"n4"}))) != []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "5 s"), (90, "1.5 min"), (7200, "2 h")],
    ids=["seconds", "minutes", "hours"],
)
def test_how_long_is_said_in_words_of_people(seconds: float, said: str) -> None:
    settings = settings_with(give_back_after_s=seconds)

    (line,) = last(plan(added(empty_since=0), settings=settings))

    assert f"(empty for {said})" in line
