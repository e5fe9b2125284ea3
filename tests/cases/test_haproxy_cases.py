"""Routes, ports and settings, and the configuration that HAProxy gets of them.

A case is a directory: `vars.yml` over the role's defaults, `haproxy.cfg` of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Expect
from tests.haproxy import render

CASES = sorted(path for path in (Path(__file__).parent / "haproxy").iterdir() if path.is_dir())


def read(case: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((case / "vars.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_configuration_is_this(case: Path, expect: Expect) -> None:
    expect(case / "haproxy.cfg", render(read(case)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_of_routes_and_ports_does_not_matter(case: Path) -> None:
    values = read(case)
    turned = {key: values[key][::-1] for key in ("proxy_routes", "proxy_ports") if key in values}

    assert render(values | turned) == render(values)
