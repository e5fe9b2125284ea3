"""The keys of constraints and preferences: taken from the text, or refused with the key that was meant."""

from __future__ import annotations

import re

from orchestrate.model.node_key import (
    ADDRESS,
    ENGINE_PREFIX,
    HOSTNAME,
    KEYS,
    LABEL_PREFIX,
    VARIABLE_PREFIX,
)

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_./-]*[A-Za-z0-9_])?")
_NO_ID = "nodes are known by their names in the inventory: use node.hostname"
_NAMED = {LABEL_PREFIX: _LABEL, VARIABLE_PREFIX: _VARIABLE, ENGINE_PREFIX: _LABEL}


def parse_key(key: str, meant: str = "") -> str:
    """Check a key: it is one of KEYS, or a prefix and the name of a label or variable.

    A ValueError says what to write instead; `meant` is what follows the key in that.
    """
    lowered = key.lower()
    if lowered in KEYS:
        return lowered
    for prefix, name in _NAMED.items():
        if lowered.startswith(prefix) and name.fullmatch(key[len(prefix) :]):
            return prefix + key[len(prefix) :]
    if lowered == "node.id":
        raise ValueError(f"node.id is not supported: {_NO_ID}")
    if _LABEL.fullmatch(key) and "." not in key:
        raise ValueError(f'a label of a node is written "{LABEL_PREFIX}{key}{meant}"')
    *others, last = (f"{prefix}NAME" for prefix in _NAMED)
    raise ValueError(f"the key is one of {', '.join([*KEYS, *others])} or {last}")


def parse_spread(text: str) -> str:
    """The key of `deploy.placement.preferences`; a ValueError says what to write instead."""
    key = parse_key(text.strip())
    if key in {HOSTNAME, ADDRESS}:
        raise ValueError("replicas are spread over the nodes in any case: name what nodes share")
    return key
