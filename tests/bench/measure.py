"""A command's time and memory, and the medians and the ratio of two that ran in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Sample:
    """`memory` is the peak of the largest process among the command and its children, in bytes."""

    seconds: float
    memory: int


def measure(command: list[str], *, codes: tuple[int, ...] = (0,)) -> Sample:
    """Run it to its end; what it says is shown when its exit code is none of `codes`."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode not in codes:
        sys.exit(f"{command} ended with {process.returncode}:\n{said.decode(errors='replace')}")
    return Sample(seconds, usage.ru_maxrss * 1024)


def row(name: str, ours: list[Sample], peer: list[Sample]) -> str:
    """Medians side by side, the range of each, and how many times faster ours is."""
    ratio = _median(peer) / _median(ours)
    return f"{name:<34} {_range(ours)}   {_range(peer)}   {ratio:5.1f}x"


def memory_row(ours: list[Sample], peer: list[Sample]) -> str:
    sizes = [median(sample.memory for sample in samples) / 2**20 for samples in (ours, peer)]
    return f"{'largest process of the controller':<34} {sizes[0]:17.0f} MB   {sizes[1]:17.0f} MB"


def _median(samples: list[Sample]) -> float:
    return median(sample.seconds for sample in samples)


def _range(samples: list[Sample]) -> str:
    seconds = sorted(sample.seconds for sample in samples)
    return f"{_median(samples):6.2f} s ({seconds[0]:5.2f}-{seconds[-1]:5.2f})"
