"""The keys of nodes in constraints and preferences, as a Compose file writes them."""

from __future__ import annotations

HOSTNAME, ADDRESS, ROLE = "node.hostname", "node.ip", "node.role"
KEYS = (HOSTNAME, ADDRESS, ROLE, "node.group", "node.platform.os", "node.platform.arch")
LABEL_PREFIX, VARIABLE_PREFIX, ENGINE_PREFIX = "node.labels.", "node.vars.", "engine.labels."
