"""`make bench-loading`: how long a large Compose file takes, and whether that grows with its size only.

The time is that of one core, whatever else runs on the machine, and the best of three. Needs no lab.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from orchestrate.commands.compose_files import load_files

FEW, MANY = 1_000, 5_000
GOAL_S = 5.0
_ROUNDS = 3

_SERVICE = """\
  s{number}:
    image: registry.example.com/shop/s{number}:${{TAG:-1.4}}
    environment: {{CACHE: cache, NUMBER: "{number}"}}
    healthcheck: {{test: wget -qO- http://127.0.0.1:8080/ready, interval: 5s}}
    expose: [8080]
    volumes: ["data:/data"]
    networks: [front, back]
    deploy:
      replicas: 3
      resources: {{limits: {{cpus: "0.5", memory: 256M}}}}
      placement: {{constraints: [node.group == app]}}
"""
_EXTENDING = (
    "  s{number}: {{extends: {{file: base.yml, service: s0}}, environment: {{NUMBER: {number}}}}}\n"
)
_END = "volumes: {data: }\nnetworks: {front: , back: }\n"


def plain(directory: Path, services: int) -> Path:
    """Every service is written out."""
    return _written(directory / "compose.yml", _SERVICE, services)


def extending(directory: Path, services: int) -> Path:
    """Every service extends one of another file."""
    _written(directory / "base.yml", _SERVICE, 1)
    return _written(directory / "compose.yml", _EXTENDING, services)


def _written(file: Path, service: str, services: int) -> Path:
    text = "".join(service.format(number=number) for number in range(services))
    file.write_text(f"services:\n{text}{_END}", encoding="utf-8")
    return file


def _measure_s(make: Callable[[Path, int], Path], services: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        name = str(make(Path(directory), services))
        return min(_time_s(name) for _ in range(_ROUNDS))


def _time_s(name: str) -> float:
    started = time.process_time()
    load_files([name], {})
    return time.process_time() - started


def main() -> None:
    print(f"{'services':<12} {FEW:>10,}   {MANY:>10,}   ratio   (goal: {GOAL_S:g} s, linear)")
    for make in (plain, extending):
        few, many = (_measure_s(make, services) for services in (FEW, MANY))
        print(f"{make.__name__:<12} {few:8.2f} s   {many:8.2f} s   {many / few:5.1f}")


if __name__ == "__main__":
    main()
