"""`plan -f` shows what `deploy` of the same file would do, and refuses what that would refuse."""

from __future__ import annotations

from functools import partial

import pytest

from orchestrate.commands.converge import converge
from orchestrate.commands.down import down
from orchestrate.commands.plan import plan
from orchestrate.errors import OrchestrateError
from tests.apps import loaded, near
from tests.fakes import FakeCluster

FILE = """
name: shop
services:
  web: {image: "web:1"}
"""
SECRET = """
name: shop
services:
  web: {image: "web:1", secrets: [key], deploy: {mode: global}}
secrets: {key: {file: key.txt}}
"""
HOPELESS = """
name: shop
services:
  web: {image: "web:1", deploy: {placement: {constraints: [node.labels.disk==ssd]}}}
"""


def refusals(cluster: FakeCluster, text: str) -> list[str]:
    """What `plan` and `deploy` say of the file; an empty text for one that takes it."""
    before = cluster.store.journal.projects
    said = []
    for ask in (partial(plan, near(cluster)), partial(converge, near(cluster))):
        try:
            ask(loaded(text))
        except OrchestrateError as error:
            said.append(f"{error.exit_code}: {error}")
            assert cluster.store.journal.projects == before
        else:
            said.append("")
    return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(FILE, "", id="taken"),
        pytest.param(HOPELESS, "4: services.web: fits nowhere", id="fits-nowhere"),
        pytest.param(SECRET, "4: secrets.key: no such file", id="a-file-that-cannot-be-read"),
    ],
)
def test_both_say_the_same(cluster: FakeCluster, text: str, said: str) -> None:
    planned, deployed = refusals(cluster, text)

    assert planned == deployed
    assert planned.startswith(said)


def test_a_secret_that_is_another_elsewhere_is_refused_by_both(cluster: FakeCluster) -> None:
    cluster.contents.found = {"secrets.key": b"s3cret", "secrets.key on n2": b"another"}

    planned, deployed = refusals(cluster, SECRET)

    assert planned == deployed
    assert planned.endswith("; nothing was changed")


def test_a_clash_of_ports_is_refused_by_both(cluster: FakeCluster) -> None:
    published = FILE.replace('"web:1"', '"web:1", ports: ["8080:80"]')
    converge(near(cluster), loaded(published))

    planned, deployed = refusals(cluster, published.replace("shop", "other"))

    assert planned == deployed
    assert "shop/web publishes it too" in planned


def test_what_is_deployed_already_is_refused_by_neither(cluster: FakeCluster) -> None:
    """The port was free when the file was deployed, and is another program's now."""
    published = FILE.replace('"web:1"', '"web:1", ports: ["8080:80"]')
    converge(near(cluster), loaded(published))
    cluster.members["n1"].listening = frozenset({("", 8080)})

    assert refusals(cluster, published) == ["", ""]


def test_a_plan_of_what_is_to_come_after_a_removal(cluster: FakeCluster) -> None:
    converge(near(cluster), loaded(FILE))
    down(near(cluster), "shop", purge=False)

    found, _ = plan(near(cluster), loaded(FILE))

    assert [start.replica.label for start in found.starts] == ["shop/web.1"]


def test_an_unresolved_tag_is_warned_of_by_both(cluster: FakeCluster) -> None:
    plan(near(cluster), loaded(FILE))
    planned, cluster.reporter.warnings = cluster.reporter.warnings, []
    converge(near(cluster), loaded(FILE))

    assert planned == cluster.reporter.warnings != []
