"""The configuration of HAProxy as the role `proxy` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.collection import ROLES, load

routes = load("plugins/filter/routes.py").routes
ports = load("plugins/filter/ports.py").ports


def render(variables: Mapping[str, Any]) -> str:
    """As Ansible does it, which leaves no line of a statement alone behind."""
    values = {
        **yaml.safe_load((ROLES / "proxy/defaults/main.yml").read_text(encoding="utf-8")),
        "proxy_dns_address": "10.210.1.1",
        "proxy_routes": [],
        "proxy_ports": [],
        **variables,
    }
    environment = Environment(
        loader=FileSystemLoader(ROLES / "proxy/templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    found = routes(values["proxy_routes"])
    bind = (values["proxy_bind_address"], values["proxy_bind_port"])
    opened = ports(values["proxy_ports"], *bind, found["accepted"])
    template = environment.get_template("haproxy.cfg.j2")
    return template.render(**values, proxy_sorted=found, proxy_open=opened)
