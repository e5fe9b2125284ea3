"""Routes and settings, and the configuration that HAProxy gets of them.

A case is a directory: `vars.yml` over the role's defaults, `haproxy.cfg` of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.collection import ROLES, load
from tests.conftest import Expect

CASES = sorted(path for path in (Path(__file__).parent / "haproxy").iterdir() if path.is_dir())
routes = load("plugins/filter/routes.py").routes


def render(case: Path) -> str:
    """As Ansible does it, which leaves no line of a statement alone behind."""
    values = {
        **yaml.safe_load((ROLES / "proxy/defaults/main.yml").read_text(encoding="utf-8")),
        "proxy_dns_address": "10.210.1.1",
        **yaml.safe_load((case / "vars.yml").read_text(encoding="utf-8")),
    }
    environment = Environment(
        loader=FileSystemLoader(ROLES / "proxy/templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    template = environment.get_template("haproxy.cfg.j2")
    return template.render(**values, proxy_sorted=routes(values["proxy_routes"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_configuration_is_this(case: Path, expect: Expect) -> None:
    expect(case / "haproxy.cfg", render(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_of_the_routes_does_not_matter(case: Path, tmp_path: Path) -> None:
    values = yaml.safe_load((case / "vars.yml").read_text(encoding="utf-8"))
    values["proxy_routes"].reverse()
    (tmp_path / "vars.yml").write_text(yaml.safe_dump(values), encoding="utf-8")

    assert render(tmp_path) == render(case)
