"""A command that takes over what is ours: the terminal, or what our input and output are else."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence


def hand_over(command: Sequence[str]) -> int:
    """Its exit code, when it has ended."""
    return subprocess.call(command)
