"""A container as its node's engine shows it, and the labels that make it one of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrate.model.network import Network, default_network, read_networks

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"
SLOT_LABEL = "orchestrate.slot"
REVISION_LABEL = "orchestrate.revision"
NETWORKS_LABEL = "orchestrate.networks"
COMPLETES_LABEL = "orchestrate.completes"
_DIGITS = 9

Health = Literal["none", "starting", "healthy", "unhealthy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container that carries our labels. `config` has the shape that `planner.replica` describes."""

    name: str
    id: str = ""
    state: str = "running"
    exit_code: int = 0
    restarts: int = 0
    """How often the engine started it again, since somebody last started it."""
    created_at: str = ""
    started_at: str = ""
    health: Health = "none"
    address: str = ""
    image_id: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path of each config and secret -> owner and mode of what is there (`0:0 0444`), or `missing`."""
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> Mapping[str, str]:
        labels: Mapping[str, str] = self.config.get("labels", {})
        return labels

    @property
    def project(self) -> str:
        return self.labels.get(PROJECT_LABEL, "")

    @property
    def service(self) -> str:
        return self.labels.get(SERVICE_LABEL, "")

    @property
    def slot(self) -> int:
        return parse_slot(self.labels.get(SLOT_LABEL, ""))

    @property
    def networks(self) -> tuple[Network, ...]:
        """Return the container's networks; without a label, the default one of its project."""
        label = self.labels.get(NETWORKS_LABEL)
        return (default_network(self.project),) if label is None else read_networks(label)

    @property
    def completes(self) -> bool:
        """True if the container was made to run to completion."""
        return COMPLETES_LABEL in self.labels

    @property
    def has_completed(self) -> bool:
        return self.state == "exited" and self.exit_code == 0

    @property
    def is_done(self) -> bool:
        """True if the container has completed, will not run again, and holds nothing any more."""
        return self.completes and self.has_completed

    @property
    def revision(self) -> str:
        return self.labels.get(REVISION_LABEL, "")


def parse_slot(text: str) -> int:
    """Return 0 where the text is no number: such a container is surplus wherever it is."""
    is_number = len(text) <= _DIGITS and text.isascii() and text.isdigit()
    return int(text) if is_number else 0
