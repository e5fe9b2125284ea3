"""What an engine of ours leaves in the kernel, taken away when it ends.

dockerd adds chains and rules and does not remove them; it also turns forwarding on and, when it was
the one to do so, sets the FORWARD policy to DROP. Both are remembered before it starts.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

_TOOLS = ("iptables", "ip6tables")
_TABLES = ("filter", "nat", "raw")
_RECORD = "before.json"
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


def remember(directory: Path) -> None:
    policies = {tool: _forward_policy(tool) for tool in _TOOLS if shutil.which(tool)}
    before = {"policies": policies, "forwarding": _FORWARDING.read_text().strip()}
    (directory / _RECORD).write_text(json.dumps(before))


def restore(directory: Path) -> None:
    before = json.loads((directory / _RECORD).read_text())
    for tool, policy in before["policies"].items():
        for table in _TABLES:
            for arguments in removals(_run(tool, "-t", table, "-S")):
                _run(tool, "-t", table, *arguments)
        if policy:
            _run(tool, "-P", "FORWARD", policy)
    _FORWARDING.write_text(before["forwarding"])


def removals(rules: str) -> list[list[str]]:
    """The commands that take Docker's chains out of one table, given that table's `-S` listing.

    Rules go first, since a chain that something jumps to cannot be deleted.
    """
    chains: list[list[str]] = []
    jumps: list[list[str]] = []
    for line in rules.splitlines():
        words = line.split()
        if words[0] == "-N" and words[1].startswith("DOCKER"):
            chains.append(words)
        elif words[0] == "-A" and any(word.startswith("DOCKER") for word in words[1:]):
            jumps.append(words)
    return (
        [["-D", *words[1:]] for words in jumps]
        + [["-F", words[1]] for words in chains]
        + [["-X", words[1]] for words in chains]
    )


def _forward_policy(tool: str) -> str:
    for line in _run(tool, "-S", "FORWARD").splitlines():
        if line.startswith("-P FORWARD "):
            return line.split()[2]
    return ""


def _run(tool: str, *arguments: str) -> str:
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    return done.stdout
