"""Observed nodes for tests, from flat keyword arguments: each finds the group that it belongs to.

The parts are given as a `Part`; `engine_version` and `engine_labels` are the engine's, `alive_for_consul` and
`remembered` what the catalogue has.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from typing import Any

from orchestrate.model.node import Node
from orchestrate.model.observed.answer import Answer, Capacity
from orchestrate.model.observed.catalogue import CatalogueView
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import ConsulAgent, Engine, NodeNetwork, Part, Proxy
from orchestrate.model.observed.record import Record

RUNNING, OK = Part(state="running"), Part(state="ok")
STOPPED, ABSENT = Part(state="stopped"), Part(state="absent")
SOUND = Answer(
    answered=True,
    now=1_800_000_000.0,
    capacity=Capacity(cpus=4, memory=1 << 30),
    engine=Engine(state="running"),
    network=NodeNetwork(state="ok"),
    consul=ConsulAgent(state="running"),
    proxy=Proxy(state="running"),
)
_GROUPS = {
    "capacity": Capacity,
    "engine": Engine,
    "network": NodeNetwork,
    "consul": ConsulAgent,
    "proxy": Proxy,
    "record": Record,
}
_NOT_SAID = {"record", "catalogue"}
_PLACES = {
    **{one.name: (name, one.name) for name, group in _GROUPS.items() for one in fields(group)},
    "now": ("answer", "now"),
    "engine_version": ("engine", "version"),
    "engine_labels": ("engine", "labels"),
    "alive_for_consul": ("catalogue", "is_alive"),
    "remembered": ("catalogue", "registrations"),
    **{name: (name, "state") for name in _GROUPS},
}


def sound(node: Node, **given: Any) -> ObservedNode:
    """A node that answered, and of which everything runs; Consul was not asked."""
    return altered(ObservedNode(node=node, answer=SOUND), **given)


def silent(node: Node, **given: Any) -> ObservedNode:
    """A node that did not answer: what it would have said is left out. Consul sees it alive, unless given."""
    unheard = ObservedNode(node=node, answer=Answer(detail=given.pop("detail", "")))
    known = {name: value for name, value in given.items() if _PLACES[name][0] in _NOT_SAID}
    return altered(unheard, **{"alive_for_consul": True} | known)


def altered(seen: ObservedNode, **given: Any) -> ObservedNode:
    """The same with other fields, whatever group they are in."""
    changes: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in given.items():
        group, field = _PLACES[name]
        is_part = isinstance(value, Part)
        changes[group] |= (
            {"state": value.state, "problems": value.problems} if is_part else {field: value}
        )
    view, record = changes.pop("catalogue", None), changes.pop("record", {})
    said: dict[str, Any] = changes.pop("answer", {})
    said |= {name: replace(getattr(seen.answer, name), **found) for name, found in changes.items()}
    assert seen.answered or not said, f"a silent node says nothing of {', '.join(said)}"
    return replace(
        seen,
        answer=replace(seen.answer, **said),
        record=replace(seen.record, **record),
        catalogue=_viewed(seen.catalogue, view) if view else seen.catalogue,
    )


def _viewed(view: CatalogueView | None, given: dict[str, Any]) -> CatalogueView:
    return replace(view or CatalogueView(is_alive=True), **given)
