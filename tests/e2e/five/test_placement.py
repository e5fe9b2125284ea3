"""Where replicas go, on five nodes of different size and label, and what moves when the fifth joins."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import Lab
from tests.e2e.five.conftest import inventory_of

pytestmark = pytest.mark.e2e
FILE = str(Path(__file__).parents[1] / "projects" / "shape.yml")
LABELS = {
    "n1": {"zone": "a", "rack": "1"},
    "n2": {"zone": "b", "rack": "1"},
    "n3": {"zone": "b", "rack": "2"},
    "n4": {"zone": "b", "rack": "2"},
    "n5": {"zone": "a", "rack": "2"},
}
SMALL = "n4"


@pytest.fixture(scope="module")
def four(five: Lab) -> Lab:
    """Beside the inventory lie its variables, as everywhere; the fifth is in it, and no node yet."""
    directory = five.orchestrate.inventory.parent
    five.orchestrate.inventory.write_text(inventory_of(directory, *LABELS))
    (directory / "host_vars").mkdir(exist_ok=True)
    for name, labels in LABELS.items():
        memory = "1g" if name == SMALL else "8g"
        variables = {"orchestrate_labels": labels, "orchestrate_capacity": {"memory": memory}}
        (directory / "host_vars" / f"{name}.yml").write_text(yaml.safe_dump(variables))
    (directory / "orchestrate.yml").write_text("nodes: all:!n5\n")
    return five


def placed(orchestrate: Orchestrate) -> dict[str, Counter[str]]:
    """Service -> how many replicas each node has of it."""
    found: dict[str, Counter[str]] = {}
    for row in orchestrate("ps", "-o", "json").json:
        service = row["replica"].removeprefix("shape/").partition(".")[0]
        found.setdefault(service, Counter())[row["node"]] += 1
    return found


def test_each_service_goes_where_its_rules_say(four: Lab) -> None:
    four.orchestrate("deploy", "-f", FILE)

    found = placed(four.orchestrate)
    assert found["everywhere"] == {"n1": 1, "n2": 1, "n3": 1, "n4": 1}
    assert found["zones"]["n1"] == 2, "half of them in the zone that is one node"
    assert found["zones"]["n2"] == 1, "half of the others in the rack that is one node"
    assert found["packed"] == {SMALL: 2}, "of which the largest share is taken"
    assert set(found["fast"]) == {"n3", "n4"}


def test_one_that_joins_is_used_at_once_and_evened_out_on_request(four: Lab) -> None:
    """It is provisioned by the cycle itself; what is there is moved only when somebody asks."""
    before = set(four.nodes.containers())
    (four.orchestrate.inventory.parent / "orchestrate.yml").unlink()

    joined = four.orchestrate("converge")
    beside = before - set(four.nodes.containers())
    planned = four.orchestrate("rebalance", "--check", code=2)
    four.orchestrate("rebalance")

    assert joined.has_line("start shape/everywhere.1", "n5"), joined.said
    assert beside == set(), "nothing that ran was touched"
    moved = [line for line in planned.out.splitlines() if " start shape/zones." in line]
    assert len(moved) == 1, planned.said
    found = placed(four.orchestrate)
    assert found["everywhere"]["n5"] == 1
    assert (found["zones"]["n1"], found["zones"]["n5"]) == (1, 1)
    assert four.orchestrate("rebalance").out.startswith("Nothing to do")
