"""Plan -> plays: the plan as data that Ansible runs, and that a person reads, keeps and reviews.

A step is a play, or a few; its actions run side by side over the hosts, one module call per node. Any
failure ends the run: the next cycle plans from what is then true.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestrate.model.plan import Plan, Step
from orchestrate.render.gateway import DNS_ADDRESS, proxy_plays
from orchestrate.render.hosts import host_plays
from orchestrate.render.networks import policy_plays
from orchestrate.render.nodes import BRIDGED, node_plays, reach_plays
from orchestrate.render.play import Play
from orchestrate.render.repairs import repair_plays
from orchestrate.render.replicas import replica_plays

OWN_TEMPLATES = (DNS_ADDRESS, BRIDGED)
"""The only values of play variables that Ansible may take for a template."""


def plays(plan: Plan, settings_file: str = "") -> list[Play]:
    """Return the plays of every step, in order.

    `settings_file` is the path of `orchestrate.yml`, for its settings of all hosts.
    """
    steps = (play for step in plan.steps for play in step_plays(step, plan, settings_file))
    return [*reach_plays(plan.leaving), *steps]


def step_plays(step: Step, plan: Plan, settings_file: str) -> Iterator[Play]:
    """Yield the plays of a step, whatever its kind: a step holds one kind of actions."""
    yield from host_plays(step, plan, settings_file)
    yield from node_plays(step, plan)
    yield from policy_plays(step)
    yield from replica_plays(step)
    yield from repair_plays(step)
    yield from proxy_plays(step)
