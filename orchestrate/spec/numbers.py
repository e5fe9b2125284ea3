"""Texts that YAML takes for a number or a date, and that Compose writes in its own way.

What stands unquoted under `environment` is a number to Compose: it makes `493` of `0755`, `3.1` of `3.10`.
"""

from __future__ import annotations

import re

_FIRST = frozenset("0123456789+-.")
_VALUE = re.compile(
    r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+"
    r"|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"
)
_WRITTEN_SO = re.compile(r"-?0|-?[1-9][0-9]{0,17}|-?(0|[1-9][0-9]{0,5})\.(?!0000)[0-9]{0,8}[1-9]")


def is_rewritten(text: str) -> bool:
    """True if an unquoted text comes out of Compose as another one."""
    if text[:1] not in _FIRST or _WRITTEN_SO.fullmatch(text):
        return False
    return _VALUE.fullmatch(text) is not None
