"""What a process does in which a module works; to import this is to load all modules."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from multiprocessing.connection import Connection

from orchestrate.adapters import shipped

_PACKAGE = "ansible_collections.orchestrate.cluster.plugins.modules"

if str(shipped.collections()) not in sys.path:
    sys.path.insert(0, str(shipped.collections()))
MODULES = {
    path.stem: importlib.import_module(f"{_PACKAGE}.{path.stem}")
    for path in (shipped.collections() / _PACKAGE.replace(".", "/")).glob("*.py")
}


def work(name: str, told: str, environment: Mapping[str, str], say: Connection) -> None:
    """Run a module to its end, and say what it prints."""
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [name]
    sys.stdin = io.TextIOWrapper(io.BytesIO(told.encode()))
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            MODULES[name].main()
    finally:
        say.send(printed.getvalue())
