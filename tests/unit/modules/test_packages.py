"""Waiting for a package manager that is at work."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.unit.modules.collection import load

packages = load("_packages")
HOLD = """
import fcntl, sys
with open(sys.argv[1], "r+") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_where_nobody_installs_anything_it_is_not_held(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert not packages.is_held(str(lock))

    lock.touch()

    assert not packages.is_held(str(lock))


def test_whoever_installs_is_waited_for_with_patience(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.touch()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"

        packages.await_packages(str(lock), timeout_s=0.1)
        assert packages.is_held(str(lock))
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(packages.await_packages, str(lock))
            holder.communicate(b"\n")
            waiting.result()

    assert not packages.is_held(str(lock))
