"""The lab's image registry, which nodes know as `registry.lab:5000`."""

from __future__ import annotations

REGISTRY_NAME = "registry.lab"
REGISTRY_PORT = 5000
REGISTRY_ADDRESS = f"{REGISTRY_NAME}:{REGISTRY_PORT}"
