"""Whatever a node answers, there is a plan or an error by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given as drawn
from hypothesis import strategies as st

from orchestrate.adapters.ansible.answer import observed_node
from orchestrate.model.desired import Desired
from orchestrate.planner.reconcile import reconcile
from orchestrate.render.playbook import playbook
from orchestrate.render.plays import plays
from orchestrate.views.explain import explain
from orchestrate.views.status import node_rows, replica_rows, service_rows
from tests.builders import observed, project
from tests.unit.adapters.test_answer import NODE, OTHER, WEB, answer, places

PLACES = [place for place in places(answer()) if place]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


@drawn(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=3))
def test_whatever_it_says_there_is_a_plan(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    said = answer()
    for place, value in changes:
        replace_at(said, place, value)

    seen = observed(
        observed_node(NODE, json.loads(json.dumps(said))), observed_node(OTHER, answer())
    )
    wanted = project(WEB)
    plan = reconcile(Desired(projects=(wanted,)), seen)

    assert all(line.isprintable() for line in explain(plan))
    assert playbook(plays(plan))
    rows = [
        *node_rows(seen, Desired().settings),
        *replica_rows(seen),
        *service_rows([wanted], seen),
    ]
    assert len(rows) >= 3


def replace_at(said: Any, place: tuple[Any, ...], value: Any) -> None:
    """An earlier change may have taken the place away."""
    for key in place[:-1]:
        if not isinstance(said, dict | list) or (isinstance(said, dict) and key not in said):
            return
        said = said[key] if isinstance(said, dict) else said[key % len(said)] if said else said
    if isinstance(said, dict):
        said[place[-1]] = value
    elif isinstance(said, list) and said and isinstance(place[-1], int):
        said[place[-1] % len(said)] = value
