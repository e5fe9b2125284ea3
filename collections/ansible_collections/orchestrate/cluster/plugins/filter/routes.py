# Copyright (c) orchestrate contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort the proxies' routes into those that may enter the configuration and those that may not.

A value of a route becomes text in HAProxy's configuration, so each must consist of characters that
cannot mean anything else there. One route that does not is left out, and named; the others go out.
"""

from __future__ import annotations

DOCUMENTATION = """
name: routes
short_description: The routes of a proxy, checked and in the order in which they have to be tried
version_added: 0.1.0
description:
  - A route with a host comes before one without, and a longer path before a shorter one.
options:
  _input:
    description: Routes as the role C(proxy) takes them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = """
- name: Show what would be refused
  ansible.builtin.debug:
    msg: "{{ (proxy_routes | orchestrate.cluster.routes).refused }}"
"""

RETURN = """
_value:
  description: C(accepted), the routes in order, and C(refused), sentences that name the others.
  type: dict
"""

import re

# What each value may look like; an empty host means any.
PATTERNS = {
    "name": r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}",
    "consul_service": r"[A-Za-z0-9]([A-Za-z0-9_-]{0,126}[A-Za-z0-9])?",
    "host": r"((\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*)?",
    "path": r"/[A-Za-z0-9._~+=:@%/-]{0,255}",
    "slots": r"[1-9][0-9]{0,3}",
}
OPTIONAL = {"host": "", "path": "/", "slots": 10}


def routes(wanted):
    """Return the routes that may go out, most specific first, and a sentence for each that may not."""
    accepted, refused = {}, []
    for route in sorted(wanted, key=lambda route: str(route.get("name"))):
        complete = {**OPTIONAL, **{key: value for key, value in route.items() if value is not None}}
        place = complete["host"], str(complete["path"]).rstrip("/") or "/"
        reasons = [complain(key, complete.get(key)) for key in PATTERNS if not fits(key, complete)]
        if place in accepted:
            reasons.append(f"route {accepted[place]['name']!r} has the same host and path")
        if reasons:
            refused.append(f"route {route.get('name')!r}: {'; '.join(reasons)}")
        else:
            accepted[place] = {key: complete[key] for key in PATTERNS} | {"path": place[1]}
    return {"accepted": sorted(accepted.values(), key=_rank), "refused": refused}


def fits(key, route):
    """Tell whether the value consists of what may enter the configuration."""
    return re.fullmatch(PATTERNS[key], str(route.get(key, ""))) is not None


def complain(key, value):
    """Say what is wrong with a value."""
    return (
        f"{key} {value!r} has characters that are not allowed there"
        if value
        else f"{key} is missing"
    )


def _rank(route):
    """Order by host (exact, then wildcard, then any), by path (longest first), and then by name."""
    host = route["host"]
    kind = 0 if host and not host.startswith("*") else 1 if host else 2
    return kind, -len(host), host, -len(route["path"]), route["path"], route["name"]


class FilterModule:
    """Offer the filter to Ansible."""

    def filters(self):
        return {"routes": routes}
