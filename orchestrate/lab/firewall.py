"""Removal of the kernel rules that our own engine leaves when it ends.

dockerd adds chains and rules and removes none of them when it ends; it also turns forwarding on
and, where it was the one to do so, sets the FORWARD policy to DROP.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

_TOOLS = ("iptables", "ip6tables")
_TABLES = ("filter", "nat", "raw")
_RECORD = "before.json"
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


def remember(directory: Path) -> None:
    """Note what `restore` will put back."""
    if (directory / _RECORD).exists():
        return  # the engine died and starts again: what counts is how it was the first time
    policies = {tool: _forward_policy(tool) for tool in _TOOLS if shutil.which(tool)}
    before = {"policies": policies, "forwarding": _FORWARDING.read_text().strip()}
    (directory / _RECORD).write_text(json.dumps(before))


def restore(directory: Path) -> None:
    before = json.loads((directory / _RECORD).read_text())
    for tool, policy in before["policies"].items():
        for table in _TABLES:
            for arguments in list_removals(_run(tool, "-t", table, "-S")):
                _run(tool, "-t", table, *arguments)
        if policy:
            _run(tool, "-P", "FORWARD", policy)
    _FORWARDING.write_text(before["forwarding"])


def list_removals(listing: str) -> list[list[str]]:
    """The commands that take Docker's chains out of one table, given its listing (`-S`).

    Rules go first: a chain that something jumps to cannot be deleted.
    """
    lines = [shlex.split(line) for line in listing.splitlines()]
    chains = [words[1] for words in lines if words[0] == "-N" and words[1].startswith("DOCKER")]
    rules = [words[1:] for words in lines if words[0] == "-A" and not set(chains).isdisjoint(words)]
    return (
        [["-D", *rule] for rule in rules]
        + [["-F", chain] for chain in chains]
        + [["-X", chain] for chain in chains]
    )


def _forward_policy(tool: str) -> str:
    words = _run(tool, "-S", "FORWARD").split()
    return words[2] if words[:2] == ["-P", "FORWARD"] else ""


def _run(tool: str, *arguments: str) -> str:
    """A table that this kernel lacks has nothing to list, and nothing to remove."""
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    return done.stdout
