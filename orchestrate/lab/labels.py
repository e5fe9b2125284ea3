"""What a lab writes on everything it makes, so that it is found again from anywhere."""

from __future__ import annotations

LAB = "orchestrate.lab"
INDEX = "orchestrate.lab.index"
NODE = "orchestrate.lab.node"
KIND = "orchestrate.lab.kind"
ROLE = "orchestrate.lab.role"  # node or registry
DIRECTORY = "orchestrate.lab.directory"


def selector(lab: str | None = None) -> dict[str, str]:
    """Docker's filter for one lab's things, or for those of all labs."""
    return {"label": f"{LAB}={lab}" if lab else LAB}


def resource_name(lab: str, part: str = "") -> str:
    """How a container, volume or network of a lab is called on the engine."""
    return f"orchestrate-lab-{lab}-{part}" if part else f"orchestrate-lab-{lab}"
