"""The journal's projects, and what a command asks of one of them."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.commands.projects import deployed, refuse_hopeless, removed, with_record
from orchestrate.errors import InputError
from orchestrate.model.desired import Desired
from orchestrate.model.journal import Journal, ProjectRecord
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.spec.project import Project
from orchestrate.planner.reconcile import reconcile
from orchestrate.spec import restore
from tests.builders import (
    GIB,
    node,
    observed,
    project,
    replica,
    reserved,
    service,
    serving,
)


def data(image: str, **fields: str) -> dict[str, Any]:
    return {"name": "counter", "services": {"web": {"image": image, **fields}}}


FILE, OTHER = data("web:1"), data("web:2")
OLD = ProjectRecord(name="counter", data=FILE, revision=3, index=7)
JOURNAL = Journal(projects={"counter": OLD})


def test_a_new_project_begins_with_its_first_revision() -> None:
    assert deployed(Journal(), FILE) == ProjectRecord(name="counter", data=FILE)


def test_the_same_file_again_changes_nothing() -> None:
    assert deployed(JOURNAL, FILE) is OLD


def test_another_file_is_another_revision() -> None:
    found = deployed(JOURNAL, OTHER)

    assert (found.revision, found.data, found.index) == (4, OTHER, 7)


def test_an_image_is_deployed_as_what_its_tag_stands_for_now() -> None:
    found = deployed(JOURNAL, FILE, [node(digests={"web:1": "sha256:a"})])

    assert found.data == data("web:1@sha256:a")
    assert deployed(with_record(JOURNAL, found), FILE) is found, "when no registry answers"


def test_a_removed_project_comes_back_with_the_same_file() -> None:
    journal = with_record(JOURNAL, removed(JOURNAL, "counter", purge=True))

    found = deployed(journal, FILE)

    assert (found.is_removed, found.is_purged, found.revision) == (False, False, 4)


def test_a_project_on_its_way_out_keeps_its_record() -> None:
    found = removed(JOURNAL, "counter", purge=False)

    assert (found.is_removed, found.is_purged, found.data) == (True, False, FILE)


@pytest.mark.parametrize(
    ("journal", "known"),
    [pytest.param(JOURNAL, "counter", id="some"), pytest.param(Journal(), "none", id="none")],
)
def test_what_is_not_deployed_cannot_be_removed(journal: Journal, known: str) -> None:
    with pytest.raises(InputError, match=rf"no project 'nosuch' .* \(deployed: {known}\)"):
        removed(journal, "nosuch", purge=False)


def test_a_project_that_only_its_containers_tell_of_can_be_removed() -> None:
    left = serving(replica(of="lost"))

    found = removed(JOURNAL, "lost", purge=False, seen=[left])

    assert found.is_removed
    assert restore(found.data) == Project(name="lost")


LARGE = service(name="large", replicas=2, resources=reserved(memory=GIB))


def test_a_file_with_a_service_that_fits_nowhere_is_refused() -> None:
    wanted, seen = project(LARGE, service()), observed(node(memory=GIB // 2))
    plan = reconcile(Desired(projects=(wanted,)), seen)

    with pytest.raises(
        InputError, match=r"^services\.large: fits nowhere: .*; nothing was changed"
    ):
        refuse_hopeless(plan, wanted, seen)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(observed(node()), id="one-of-two-starts"),
        pytest.param(observed(serving(replica(LARGE))), id="one-of-two-is-there"),
    ],
)
def test_a_file_with_some_room_is_not(seen: Observed) -> None:
    wanted = project(LARGE)
    plan = reconcile(Desired(projects=(wanted,)), seen)

    assert [one.is_unplaced for one in plan.unmet] == [True]
    refuse_hopeless(plan, wanted, seen)
