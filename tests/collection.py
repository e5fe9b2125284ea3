"""The collection's files as tests reach them: by path, whatever copy of it Python would import."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

COLLECTION = Path(__file__).parents[1] / "collections/ansible_collections/orchestrate/cluster"
ROLES = COLLECTION / "roles"


def load(path: str) -> ModuleType:
    """Import one file of the collection; those beside it can be imported by it, and by their full names."""
    file = COLLECTION / path
    loader = SourceFileLoader(file.stem, str(file))
    spec = spec_from_loader(file.stem, loader)
    if spec is None:
        raise ImportError(f"{file} cannot be imported")
    module = module_from_spec(spec)
    beside = [str(file.parent), str(COLLECTION.parents[2])]
    sys.path[:0] = beside
    try:
        loader.exec_module(module)
    finally:
        del sys.path[: len(beside)]
    return module
