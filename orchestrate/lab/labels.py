"""The labels of everything that a lab makes, by which it is found again from anywhere."""

from __future__ import annotations

LAB = "orchestrate.lab"
NODE = "orchestrate.lab.node"
KIND = "orchestrate.lab.kind"
INDEX = "orchestrate.lab.index"
DIRECTORY = "orchestrate.lab.directory"


def select(lab: str) -> dict[str, list[str]]:
    """Docker's filter for all that belongs to one lab."""
    return {"label": [f"{LAB}={lab}"]}


def select_nodes(lab: str) -> dict[str, list[str]]:
    return {"label": [f"{LAB}={lab}", NODE]}


def select_all_labs() -> dict[str, list[str]]:
    return {"label": [LAB]}


def resource_name(lab: str, part: str = "") -> str:
    """How a container, volume or network of a lab is called on the engine."""
    return f"orchestrate-lab-{lab}-{part}" if part else f"orchestrate-lab-{lab}"
