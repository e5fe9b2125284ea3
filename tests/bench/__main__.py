"""`make bench`: orchestrate beside a plain playbook of docker_container tasks, on the same three nodes.

Both keep ten services of one container per node. They run in turn, so that a machine that gets slower
does so for both; figures are medians of five, and the ratio is what counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.bench.measure import Sample, measure, memory_row, row

LAB = "bench"
ROUNDS = 5
SERVICES = [f"s{number}" for number in range(10)]
INVENTORY = Path(".orchestrate") / "lab" / LAB / "inventory.yml"
TOOL = [sys.executable, "-m", "orchestrate"]
PEER = [
    str(Path(sys.executable).parent / "ansible-playbook"),
    *("-i", str(INVENTORY)),
    str(Path(__file__).parent / "peer.yml"),
]


def main() -> None:
    _run([*TOOL, "lab", "up", "--name", LAB, "--nodes", "3"])
    try:
        _run([*TOOL, "provision", "-i", str(INVENTORY)])
        _prepare_peer()
        with tempfile.TemporaryDirectory() as directory:
            print(*_compare(_compose_file(Path(directory))), sep="\n")
    finally:
        _run([*TOOL, "lab", "down", "--name", LAB])


def _compare(file: Path) -> list[str]:
    ours: dict[str, list[Sample]] = {"first": [], "again": []}
    peer: dict[str, list[Sample]] = {"first": [], "again": []}
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", file=sys.stderr)
        ours["first"].append(measure([*TOOL, "deploy", "-i", str(INVENTORY), "-f", str(file)]))
        ours["again"].append(measure([*TOOL, "converge", "-i", str(INVENTORY)]))
        _run([*TOOL, "down", "bench", "-i", str(INVENTORY)])
        peer["first"].append(measure(_peer("started")))
        peer["again"].append(measure(_peer("started")))
        _run(_peer("absent"))
    return [
        f"{len(SERVICES)} services x 3 nodes: {'orchestrate':>16}   {'docker_container':>22}",
        row("first deployment", ours["first"], peer["first"]),
        row("a pass with nothing to do", ours["again"], peer["again"]),
        memory_row(ours["again"], peer["again"]),
    ]


def _peer(wanted: str) -> list[str]:
    return [*PEER, "-e", json.dumps({"wanted": wanted, "services": SERVICES})]


def _prepare_peer() -> None:
    """What its modules need on the nodes, and the image, which ours pulls in its first round too."""
    ansible = [str(Path(sys.executable).parent / "ansible"), "all", "-i", str(INVENTORY)]
    packages = "name=python3-requests update_cache=true install_recommends=false"
    _run([*ansible, "-m", "ansible.builtin.apt", "-a", packages])
    pull = "docker pull --quiet registry.lab:5000/httpd:1"
    _run([*ansible, "-m", "ansible.builtin.command", "-a", pull])


def _compose_file(directory: Path) -> Path:
    service = {
        "image": "registry.lab:5000/httpd:1",
        "expose": [80],
        "deploy": {"mode": "global", "resources": {"limits": {"memory": "64M"}}},
    }
    services = {name: service | {"environment": {"SERVICE": name}} for name in SERVICES}
    file = directory / "compose.yml"
    file.write_text(yaml.safe_dump({"name": "bench", "services": services}), encoding="utf-8")
    return file


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
