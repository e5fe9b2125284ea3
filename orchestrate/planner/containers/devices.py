"""Devices that a container asks the engine for, such as GPUs, as far as the inventory says how many there are.

A request counts under each of its capabilities of which some node has a number in `orchestrate_capacity`:
of `[gpu, utility]` only `gpu`, as a rule. Where nobody says how many there are, the engine alone decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrate.scheduler.demand import Device, generic_kind

_ALL = -1
_MOST = 1000
"""A container that has more of them is not of our making."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """`needs`: kind -> how many, whichever these are. Of a kind in `whole` it takes all that a node has."""

    needs: Mapping[str, int] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    named: tuple[Device, ...] = ()


NONE = Devices()


def devices_of(config: Mapping[str, Any], counted: Collection[str]) -> Devices:
    """`counted` are the kinds of which nodes have a number."""
    requests = [
        (capability, request)
        for request in config.get("device_requests", ())
        for capability in request["capabilities"]
        if generic_kind(capability) in counted
    ]
    if not requests:
        return NONE
    needs: Counter[str] = Counter()
    for capability, request in requests:
        needs[generic_kind(capability)] += len(request["device_ids"]) or _within(request["count"])
    whole = {generic_kind(name) for name, request in requests if request["count"] == _ALL}
    return Devices(
        needs={kind: number for kind, number in needs.items() if number and kind not in whole},
        whole=tuple(sorted(whole)),
        named=tuple((name, one) for name, request in requests for one in request["device_ids"]),
    )


def _within(count: int) -> int:
    return min(max(count, 0), _MOST)


def named_in(config: Mapping[str, Any]) -> Iterator[Device]:
    """Yield the devices that the configuration asks for by their ids."""
    for request in config.get("device_requests", ()):
        for capability in request["capabilities"]:
            yield from ((capability, one) for one in request["device_ids"])
