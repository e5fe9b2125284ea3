"""Five nodes, which go again with the last of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.commands import Place
from tests.e2e.conftest import LAB, Lab, lab_of


@pytest.fixture(scope="package")
def five(place: Place) -> Iterator[Lab]:
    """Five hosts, of which three are in the inventory, and nodes. Each has one `seat`."""
    with lab_of(f"{LAB}-five", place, "--nodes", "5", prepare=_three_of_five) as found:
        yield found


def _three_of_five(directory: Path) -> None:
    inventory = directory / "inventory.yml"
    inventory.rename(directory / _ALL)
    inventory.write_text(inventory_of(directory, "n1", "n2", "n3"), encoding="utf-8")


def inventory_of(directory: Path, *names: str) -> str:
    """An inventory of some of the five."""
    found: dict[str, Any] = yaml.safe_load((directory / _ALL).read_text(encoding="utf-8"))
    found["all"]["hosts"] = {name: found["all"]["hosts"][name] for name in names}
    found["all"]["vars"]["orchestrate_capacity"] = {"seat": 1}
    return yaml.safe_dump(found)


_ALL = "all.yml"
