"""A cycle gives replicas the files that were deployed, or leaves their project alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.contents import digest
from orchestrate.views.summary import summary_sentence
from tests.builders import KEY, changed, file, given, project
from tests.fakes import FakeCluster
from tests.unit.cycle.conftest import DB, WEB

SECRET = file(digest=digest(KEY, "safe", file(), b"s3cret"))


@pytest.fixture
def safe(cluster: FakeCluster) -> Project:
    """A project with a secret, which runs."""
    cluster.store.make_key()
    cluster.contents.found["secrets.key"] = b"s3cret"
    wanted = project(changed(WEB, files=given(SECRET)), name="safe")
    assert cluster.converge(wanted).exit_code == 0
    return wanted


def test_a_changed_secret_starts_nothing_and_holds_up_nobody_else(
    cluster: FakeCluster, safe: Project
) -> None:
    cluster.contents.found["secrets.key"] = b"another"
    lost = next(name for name in cluster.members["n1"].containers if name.startswith("safe"))
    del cluster.members["n1"].containers[lost]

    report = cluster.converge(safe, project(DB))

    assert cluster.running().count("n1 db:1 1") == 1
    assert [one.subject for one in report.unmet] == ["safe"]
    assert "run `orchestrate deploy`" in report.unmet[0].reason
    assert report.exit_code == 3


def test_where_nothing_starts_nothing_is_read(cluster: FakeCluster, safe: Project) -> None:
    cluster.contents.found.clear()

    assert summary_sentence(cluster.converge(safe)).startswith("Nothing to do")


def test_a_file_that_is_gone_is_put_back_and_nothing_is_replaced(
    cluster: FakeCluster, safe: Project
) -> None:
    member = cluster.members["n2"]
    (name,) = member.containers
    before = member.containers[name]
    member.containers[name] = replace(before, state="exited", files={"/run/secrets/key": "missing"})

    report = cluster.converge(safe)

    assert report.exit_code == 0
    assert member.containers == {name: before}


def test_another_content_is_another_revision(cluster: FakeCluster, safe: Project) -> None:
    before = set(cluster.members["n2"].containers)
    cluster.contents.found["secrets.key"] = b"another"
    renewed = replace(SECRET, digest=digest(KEY, "safe", SECRET, b"another"))
    (web,) = safe.services

    report = cluster.converge(project(changed(web, files=given(renewed)), name="safe"))

    assert report.exit_code == 0
    assert set(cluster.members["n2"].containers).isdisjoint(before)
