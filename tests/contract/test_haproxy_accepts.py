"""HAProxy takes every configuration that the cases hold."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CASES = sorted((Path(__file__).parents[1] / "cases/haproxy").glob("*/haproxy.cfg"))
pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy is not installed"),
]


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.parent.name)
def test_haproxy_accepts(file: Path) -> None:
    checked = subprocess.run(
        ["haproxy", "-c", "-q", "-f", file], check=False, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stderr
