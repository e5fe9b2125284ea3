# Copyright (c) orchestrate contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort the proxies' ports into those that may enter the configuration and those that may not.

As with routes: each value has to be what it is said to be, since it becomes text in HAProxy's
configuration, and one that is not keeps nobody else out.
"""

from __future__ import annotations

DOCUMENTATION = """
name: ports
short_description: The ports of a proxy, checked, and whether requests have theirs
version_added: 0.1.0
options:
  _input:
    description: Ports as the role C(proxy) takes them.
    type: list
    elements: dict
    required: true
  bind_address:
    description: Where HAProxy answers requests, and all ports that have no address of their own.
    type: str
    required: true
  bind_port:
    description: The port of requests. While there are no routes, another may have it.
    type: int
    required: true
  routes:
    description: The routes that were accepted.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = """
- name: Show what would be refused
  ansible.builtin.debug:
    msg: "{{ (proxy_ports | orchestrate.cluster.ports('*', 80, [])).refused }}"
"""

RETURN = """
_value:
  description: C(accepted), the ports in order, C(refused), sentences that name the others, and
    C(has_requests), whether the port of requests is left to them.
  type: dict
"""

import ipaddress

from ansible_collections.orchestrate.cluster.plugins.filter.routes import complain, fits

TEXTS = ("name", "consul_service", "slots")
NUMBERS = ("published", "target")
OPTIONAL = {"address": "", "slots": 10}
MOST = 65535


def ports(wanted, bind_address, bind_port, routes):
    """Return the ports that may be listened on, and a sentence for each that may not."""
    requests = "" if _is_any(bind_address) else bind_address, int(bind_port)
    accepted, refused = [], []
    for port in sorted(wanted, key=lambda port: str(port.get("name"))):
        complete = {**OPTIONAL, **{key: value for key, value in port.items() if value is not None}}
        reasons = [*_malformed(complete)] or [*_clashes(complete, accepted, requests, routes)]
        if reasons:
            refused.append(f"port {port.get('name')!r}: {'; '.join(reasons)}")
        else:
            accepted.append(_accept(complete, bind_address))
    has_requests = not any(_meet(_place(port), requests) for port in accepted)
    return {
        "accepted": sorted(accepted, key=_rank),
        "refused": refused,
        "has_requests": has_requests,
    }


def _accept(port, bind_address):
    kept = {key: port[key] for key in (*TEXTS, "address")}
    numbers = {key: int(port[key]) for key in NUMBERS}
    host = port["address"] or bind_address
    return {
        **kept,
        **numbers,
        "bind": f"{f'[{host}]' if ':' in host else host}:{numbers['published']}",
    }


def _malformed(port):
    for key in TEXTS:
        if not fits(key, port):
            yield complain(key, port.get(key))
    for key in NUMBERS:
        text = str(port.get(key, ""))
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST):
            yield f"{key} {port.get(key)!r} is no port from 1 to {MOST}"
    if port["address"] and not _is_address(port["address"]):
        yield f"address {port['address']!r} is no IP address"


def _clashes(port, accepted, requests, routes):
    for other in accepted:
        if _meet(_place(port), _place(other)):
            yield f"port {other['name']!r} has {other['published']} already"
    if routes and _meet(_place(port), requests):
        yield f"requests are answered at {requests[1]} (proxy_bind_port)"


def _place(port):
    return port["address"], int(port["published"])


def _meet(one, other):
    """Tell whether two places are the same; an address that is not given may be any."""
    return one[1] == other[1] and (one[0] == other[0] or not (one[0] and other[0]))


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _is_any(address):
    return address in ("", "*") or (
        _is_address(address) and ipaddress.ip_address(address).is_unspecified
    )


def _rank(port):
    return port["published"], port["address"], port["name"]


class FilterModule:
    """Offer the filter to Ansible."""

    def filters(self):
        return {"ports": ports}
