"""A look at a cluster leaves the names that it saw, for the completion of a shell.

There is one file for each inventory. It holds names and nothing else, and of those only the ones that
no shell takes for more than a name: what a node calls a container is not for a command line as it is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from orchestrate.adapters.private_file import state_directory, text_if_any, write_if_possible

_KEPT = 50
_NODE = re.compile(r"[\w][\w.-]*", re.ASCII)
_REPLICA = re.compile(r"[\w][\w-]*/[\w][\w.-]*@[\w][\w.-]*", re.ASCII)


class Names(NamedTuple):
    nodes: Sequence[str]
    replicas: Sequence[str]
    """`shop/web.2@n1`"""


def names_file(inventory: Sequence[str]) -> Path:
    """Return the file of this inventory; of none given, that of what Ansible's configuration names."""
    sources = [str(Path(source).absolute()) for source in inventory]
    configured = [os.environ.get(name, "") for name in ("ANSIBLE_CONFIG", "ANSIBLE_INVENTORY")]
    key = json.dumps(sources or [*configured, str(Path.cwd())])
    return state_directory() / "names" / f"{sha256(key.encode()).hexdigest()[:32]}.json"


def read_names(file: Path) -> Names:
    try:
        found = json.loads(text_if_any(file))
        return Names(_safe(_NODE, found["nodes"]), _safe(_REPLICA, found["replicas"]))
    except (ValueError, TypeError, LookupError):
        return Names((), ())


def save_names(file: Path, names: Names) -> None:
    """Write the names down, if they have changed."""
    kept = {
        "nodes": _safe(_NODE, names.nodes),
        "replicas": _safe(_REPLICA, names.replicas),
    }
    text = json.dumps(kept)
    if text != text_if_any(file):
        write_if_possible(file, text)
        _forget_old(file.parent)


def _safe(shape: re.Pattern[str], names: Iterable[str]) -> list[str]:
    return sorted(name for name in {*names} if shape.fullmatch(name))


def _forget_old(directory: Path) -> None:
    """Remove the oldest files: labs and temporary inventories come and go."""
    try:
        files = sorted(directory.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_KEPT]:
            file.unlink(missing_ok=True)
    except OSError:
        return
