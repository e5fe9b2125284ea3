"""What of a node a constraint or a preference can ask for, as it is written in a Compose file."""

from __future__ import annotations

import re

HOSTNAME, ADDRESS, ROLE = "node.hostname", "node.ip", "node.role"
KEYS = (HOSTNAME, ADDRESS, ROLE, "node.group", "node.platform.os", "node.platform.arch")
LABEL_PREFIX, VARIABLE_PREFIX = "node.labels.", "node.vars."

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_./-]*[A-Za-z0-9_])?")
_ELSEWHERE = {
    "node.id": "nodes are known by their names in the inventory: use node.hostname",
    "engine.labels": "labels are the inventory's: use node.labels.NAME",
}


def parse_key(key: str, meant: str = "") -> str:
    """One of KEYS, or a prefix and the own name of the label or variable (in which case counts).

    A ValueError says what to write instead; `meant` is what follows the key in that.
    """
    lowered = key.lower()
    if lowered in KEYS:
        return lowered
    for prefix, name in ((LABEL_PREFIX, _LABEL), (VARIABLE_PREFIX, _VARIABLE)):
        if lowered.startswith(prefix) and name.fullmatch(key[len(prefix) :]):
            return prefix + key[len(prefix) :]
    for known, advice in _ELSEWHERE.items():
        if lowered == known or lowered.startswith(f"{known}."):
            raise ValueError(f"{known} is not supported: {advice}")
    if _LABEL.fullmatch(key) and "." not in key:
        raise ValueError(f'a label of a node is written "{LABEL_PREFIX}{key}{meant}"')
    raise ValueError(
        f"the key is one of {', '.join(KEYS)}, {LABEL_PREFIX}NAME or {VARIABLE_PREFIX}NAME"
    )


def parse_spread(text: str) -> str:
    """The key of `deploy.placement.preferences`; a ValueError says what to write instead."""
    key = parse_key(text.strip())
    if key in {HOSTNAME, ADDRESS}:
        raise ValueError("replicas are spread over the nodes in any case: name what nodes share")
    return key
