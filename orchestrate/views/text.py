"""The text of a cell: numbers and names become words only here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrate.views.rows import ForeignUsage, IngressRow, MemoryUsage, PortRow, Usage

_GIB = 1 << 30


def cell(value: Any) -> str:
    """Return the text of a row's value in a table; empty where there is nothing to show."""
    match value:
        case None:
            return ""
        case MemoryUsage():
            return f"{value.reserved / _GIB:.1f}/{value.capacity / _GIB:.1f} GiB"
        case Usage():
            return f"{value.reserved:g}/{value.capacity:g}"
        case ForeignUsage():
            return ", ".join(_foreign(value))
        case IngressRow():
            return f"{value.host or '*'}{value.path}"
        case PortRow():
            return _port(value)
        case Mapping():
            return ", ".join(_pair(name, value[name]) for name in sorted(value))
        case tuple():
            return ", ".join(cell(part) for part in value)
        case _:
            return str(value)


def _foreign(usage: ForeignUsage) -> Iterator[str]:
    if usage.cpus:
        yield f"{usage.cpus:g} CPUs"
    if usage.memory:
        yield f"{usage.memory / _GIB:.1f} GiB"
    if usage.pids:
        yield f"{usage.pids} pids"


def _port(port: PortRow) -> str:
    if port.nodes is None:
        address = f"{port.address}:" if port.address else ""
        return f"{address}{port.published}->{port.target}/{port.protocol}"
    address = port.address or ",".join(port.nodes) or "no proxy"
    return f"{address}:{port.published}->{port.target}"


def _pair(name: str, value: Any) -> str:
    return f"{name}={value}" if isinstance(value, str) else f"{name} {cell(value)}"
