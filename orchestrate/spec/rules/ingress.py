"""`x-ingress`: which requests reach a service from outside.

Host and path end up in the configuration of the proxies: they are let through by what they are made of.
"""

from __future__ import annotations

import re

from orchestrate.spec.rules.kinds import Scalar, Section
from orchestrate.spec.rules.scalars import DURATION, PORT, matching

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LONGEST_HOST = 253


def _parse_host(text: str) -> str | None:
    if text.startswith("*"):
        raise ValueError("a route is for one name, or without host for all of them")
    host = text.lower()
    return host if len(host) <= _LONGEST_HOST and _HOST.fullmatch(host) else None


INGRESS = Section(
    keys={
        "host": Scalar('a DNS name such as "shop.example.com"', _parse_host),
        "path": matching(
            "a path from / of letters, digits and . _ ~ / -", r"/[A-Za-z0-9._~/-]{0,1023}"
        ),
        "port": PORT,
        "drain_timeout": DURATION,
    },
    required={"port": "give the port at which the containers answer"},
    checks=(lambda spot, ingress: spot.note("ingress", ingress),),
)
