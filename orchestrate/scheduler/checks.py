"""The filters, in order: each is asked of all nodes at once.

`admits` is None where the demand does not care; `why` is asked only for a node that the filter ruled out,
to say so to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from orchestrate.model.constraint import Constraint
from orchestrate.scheduler.amounts import (
    has,
    has_pieces,
    has_whole,
    lacking_piece,
    why_address,
    why_cpus,
    why_memory,
    why_pieces,
    why_whole,
)
from orchestrate.scheduler.demand import (
    ADDRESSES,
    CPUS,
    MEMORY,
    Demand,
    abandoned_mark,
    device_mark,
    hardware_mark,
    image_mark,
    mounted_mark,
    port_mark,
    volume_mark,
)
from orchestrate.scheduler.table import Mask, Table
from orchestrate.scheduler.traits import (
    ANYBODY,
    OWN_KEYS,
    Traits,
    first_broken,
    other_platform,
    satisfies,
)


@dataclass(frozen=True, slots=True)
class Filter:
    admits: Callable[[Table, Demand], Mask | None]
    why: Callable[[Table, Demand, int], str]
    kind: Callable[[Table, Demand, int], str] = lambda *_: ""
    """What the node has too little of; empty: it is no matter of how much."""


def _is_open(table: Table, _demand: Demand) -> Mask:
    return table.known("open", lambda: table.where(lambda traits: not traits.shut))


def _why_shut(table: Table, _demand: Demand, row: int) -> str:
    return table.traits_at(row).shut


def _constraints(table: Table, demand: Demand) -> Mask | None:
    masks = [table.known(one, partial(_satisfying, table, one)) for one in demand.constraints]
    return np.logical_and.reduce(masks) if masks else None


def _satisfying(table: Table, constraint: Constraint) -> Mask:
    if constraint.key in OWN_KEYS:
        shared = Traits()
        return np.array([satisfies(constraint, shared, one) for one in table.owners], dtype=bool)
    return table.where(lambda traits: satisfies(constraint, traits, ANYBODY))


def _why_constraint(table: Table, demand: Demand, row: int) -> str:
    traits = table.traits_at(row)
    return f"constraint {first_broken(demand.constraints, traits, table.owners[row])}"


def _platform(table: Table, demand: Demand) -> Mask | None:
    wanted = demand.platform
    return table.where(lambda traits: not other_platform(wanted, traits)) if wanted else None


def _why_platform(table: Table, demand: Demand, row: int) -> str:
    return other_platform(demand.platform, table.traits_at(row))


def _image(table: Table, demand: Demand) -> Mask | None:
    return table.marked(image_mark(demand.image)) if demand.image else None


def _why_image(_table: Table, demand: Demand, _row: int) -> str:
    return f"image {demand.image} is not there, and pull_policy is never"


def _ports(table: Table, demand: Demand) -> Mask | None:
    taken = [table.marked(port_mark(*port)) for port in demand.claims.ports]
    return _none_of(taken)


def _why_port(table: Table, demand: Demand, row: int) -> str:
    taken = (
        port for port in demand.claims.ports if _is_marked(table.marked(port_mark(*port)), row)
    )
    return f"host port {min(taken)[0]} is taken"


def _most_per_node(table: Table, demand: Demand) -> Mask | None:
    here = table.here(demand.service) if demand.most_per_node else None
    return None if here is None else here < demand.most_per_node


def _why_most(table: Table, demand: Demand, row: int) -> str:
    here = np.count_nonzero(table.rows_of(demand.service) == row)
    return f"has {here} of at most {demand.most_per_node} replicas of the service"


def _volumes(table: Table, demand: Demand) -> Mask | None:
    """A volume has one writer: replicas of a service never share it, nor a service and its forerunner."""
    return _none_of(
        [
            table.marked(mark)
            for name in demand.claims.volumes
            for mark in (mounted_mark(name, demand.service), abandoned_mark(name))
        ]
    )


def _why_volume(table: Table, demand: Demand, row: int) -> str:
    reasons = (
        f"volume {name} is in use by {user}"
        for name in demand.claims.volumes
        for mark, user in (
            (mounted_mark(name, demand.service), "another replica"),
            (abandoned_mark(name), "a container that has to go first"),
        )
        if _is_marked(table.marked(mark), row)
    )
    return next(reasons)


def _engine(table: Table, demand: Demand) -> Mask | None:
    """Admit nodes of which the engine is not known: it refuses by itself what it cannot do."""
    least = demand.engine
    return table.where(lambda traits: not 0 < traits.engine < least) if least else None


def _why_engine(table: Table, demand: Demand, row: int) -> str:
    found = table.traits_at(row).engine
    return f"Docker Engine {found}, healthcheck.start_interval needs {demand.engine}"


def _external(table: Table, demand: Demand) -> Mask | None:
    masks = [table.holding(volume_mark(name)) for name in demand.external]
    return np.logical_and.reduce(masks) if masks else None


def _why_external(table: Table, demand: Demand, row: int) -> str:
    lacking = (name for name in demand.external if not table.holding(volume_mark(name))[row])
    return f"external volume {next(lacking)} is not there"


def _hardware_address(table: Table, demand: Demand) -> Mask | None:
    return _none_of([table.marked(hardware_mark(demand.claims.hardware_address))])


def _why_hardware_address(_table: Table, demand: Demand, _row: int) -> str:
    return f"hardware address {demand.claims.hardware_address} is in use"


def _devices(table: Table, demand: Demand) -> Mask | None:
    if not demand.claims.devices:
        return None
    return _none_of(table.marked(device_mark(*one)) for one in demand.claims.devices)


def _why_device(table: Table, demand: Demand, row: int) -> str:
    taken = (
        one for one in demand.claims.devices if _is_marked(table.marked(device_mark(*one)), row)
    )
    return f"{' '.join(next(taken))} is taken"


def _none_of(masks: Iterable[Mask | None]) -> Mask | None:
    found = [mask for mask in masks if mask is not None]
    return ~np.logical_or.reduce(found) if found else None


def _is_marked(mask: Mask | None, row: int) -> bool:
    return mask is not None and bool(mask[row])


NODE = (
    Filter(_is_open, _why_shut),
    Filter(_constraints, _why_constraint),
    Filter(_platform, _why_platform),
    Filter(_engine, _why_engine),
    Filter(_external, _why_external),
)
ROOM = (
    Filter(_image, _why_image),
    Filter(partial(has, MEMORY), why_memory, lambda *_: MEMORY),
    Filter(partial(has, CPUS), why_cpus, lambda *_: CPUS),
    Filter(has_pieces, why_pieces, lacking_piece),
    Filter(has_whole, why_whole),
    Filter(_devices, _why_device),
    Filter(_ports, _why_port),
    Filter(_most_per_node, _why_most),
    Filter(_volumes, _why_volume),
    Filter(_hardware_address, _why_hardware_address),
    Filter(partial(has, ADDRESSES), why_address),
)
