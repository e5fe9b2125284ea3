"""Plans, from the fields of Desired, Attempt and Scope together."""

from __future__ import annotations

import dataclasses
from typing import Any

from orchestrate.model.attempt import Attempt
from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import Plan
from orchestrate.model.scope import Scope
from orchestrate.model.settings import HostPatterns, PoolSettings, Settings
from orchestrate.planner.reconcile import reconcile


def parted(**fields: Any) -> tuple[Desired, Attempt, Scope]:
    """Desired, Attempt and Scope, from the fields of all three together."""
    desired, attempt, scope = (
        {name: fields.pop(name) for name in fields.keys() & {one.name for one in of}}
        for of in map(dataclasses.fields, (Desired, Attempt, Scope))
    )
    assert not fields
    return Desired(**desired), Attempt(**attempt), Scope(**scope)


def reconciled(seen: Observed, **fields: Any) -> Plan:
    """The plan; `fields` are those of Desired, Attempt and Scope."""
    desired, attempt, scope = parted(**fields)
    return reconcile(desired, seen, attempt, scope)


def settings_with(**given: Any) -> Settings:
    """Settings with these fields, those of their groups included."""
    groups = {"hosts": HostPatterns, "pool": PoolSettings}
    parts = {
        name: group(
            **{
                one.name: given.pop(one.name)
                for one in dataclasses.fields(group)
                if one.name in given
            }
        )
        for name, group in groups.items()
    }
    return Settings(**parts, **given)
