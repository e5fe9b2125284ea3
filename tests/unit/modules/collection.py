"""The collection's Python, imported as its modules import it on a node."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from orchestrate.adapters import shipped


def load(name: str) -> ModuleType:
    """Import a file of `module_utils`: this checkout's, whatever else is installed."""
    place = str(shipped.collections())
    if sys.path[0] != place:
        sys.path.insert(0, place)
    return importlib.import_module(
        f"ansible_collections.orchestrate.cluster.plugins.module_utils.{name}"
    )
