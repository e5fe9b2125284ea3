"""What is desired and what is seen, and the plan that a person reads.

A case is a directory: `desired*.yml` are Compose files, `observed.yml` is a snapshot as `tests.compact` reads
it, `plan.txt` what `orchestrate plan` says. In `observed.yml` may stand, too: `limit`, `removed`, `purged`,
`rebalances` and `settings`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestrate.model.desired import Desired
from orchestrate.model.scope import Scope
from orchestrate.model.spec.project import Project
from orchestrate.planner.reconcile import reconcile
from orchestrate.planner.services.dependencies import levels
from orchestrate.spec import Document, read
from orchestrate.views.explain import explain, summary
from tests.compact import Snapshot
from tests.conftest import Expect
from tests.planning import settings_with

CASES = sorted(path for path in (Path(__file__).parent / "plan").iterdir() if path.is_dir())


def read_project(file: Path) -> Project:
    return read([Document(file.name, file.read_text(encoding="utf-8"))], {}, "counter").project


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_plan_is_as_written_down(case: Path, expect: Expect) -> None:
    projects = [read_project(file) for file in sorted(case.glob("desired*.yml"))]
    said = yaml.safe_load((case / "observed.yml").read_text(encoding="utf-8"))
    observed = Snapshot(projects).read(said)
    removed = {*said.get("removed", ()), *said.get("purged", ())}
    desired = Desired(
        projects=tuple(
            Project(name=one.name, volumes=one.volumes) if one.name in removed else one
            for one in projects
        ),
        settings=settings_with(**said.get("settings", {})),
        leaving={one.name: levels(one) for one in projects if one.name in removed},
        purged=frozenset(said.get("purged", ())),
    )
    scope = Scope(
        limit=frozenset(said["limit"]) if "limit" in said else None,
        rebalances=said.get("rebalances", False),
    )

    plan = reconcile(desired, observed, scope=scope)

    expect(case / "plan.txt", "\n".join([*explain(plan), summary(plan), ""]))
