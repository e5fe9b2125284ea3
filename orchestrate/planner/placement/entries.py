"""The entries of the ledger: what containers, others' ports and volumes hold of the nodes that they are on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.containers.devices import NONE, devices_of
from orchestrate.planner.containers.volumes import mounted_volumes
from orchestrate.planner.placement.capacity import capacities, foreign_share
from orchestrate.planner.placement.demand import held_by, reserved_by, service_of
from orchestrate.planner.placement.traits import identity_of, traits_of
from orchestrate.scheduler.demand import (
    ServiceKey,
    abandoned_mark,
    given_up_mark,
    port_mark,
    volume_mark,
)
from orchestrate.scheduler.table import Table, open_table


def filled_table(
    nodes: Sequence[ObservedNode],
    wanted: Collection[ServiceKey] | None,
    unrepaired: Collection[str],
    proxied: Collection[int],
) -> Table:
    table = _empty_table(nodes, unrepaired)
    for row, node in enumerate(nodes):
        _enter_all(table, row, node, wanted)
        if node.node.proxies:
            _enter_ports(
                table, row, ((port, "tcp") for port in (*proxied, node.proxy.request_port))
            )
    return table


def _empty_table(nodes: Sequence[ObservedNode], unrepaired: Collection[str]) -> Table:
    return open_table(
        [identity_of(node) for node in nodes],
        [traits_of(node, is_unmended=node.name in unrepaired) for node in nodes],
        capacities(nodes),
    )


def _enter_all(
    table: Table, row: int, node: ObservedNode, wanted: Collection[ServiceKey] | None
) -> None:
    """Book everything that is on the node, ours or not."""
    table.enter_foreign(row, foreign_share(node))
    _enter_ports(table, row, node.engine.published)
    for name in node.engine.volumes:
        table.mark(volume_mark(name), row)
    for name in node.record.given_up:
        table.mark(given_up_mark(name), row)
    for container in node.engine.containers:
        enter(table, row, container)
        is_wanted = wanted is None or service_of(container) in wanted
        if not is_wanted and not container.is_done:
            for name in mounted_volumes(container.config):
                table.mark(abandoned_mark(name), row)


def enter(table: Table, row: int, container: Container) -> None:
    table.enter(service_of(container), row, reserved(container, table, row))
    data = (volume_mark(name) for name in mounted_volumes(container.config))
    for mark in (*data, *held_by(container)):
        table.mark(mark, row)


def leave(table: Table, row: int, container: Container) -> None:
    table.leave(service_of(container), row, reserved(container, table, row))
    going = (abandoned_mark(name) for name in mounted_volumes(container.config))
    for mark in (*going, *held_by(container)):
        table.unmark(mark, row)


def _enter_ports(table: Table, row: int, ports: Iterable[tuple[int, str]]) -> None:
    for port in ports:
        table.mark(port_mark(*port), row)


def reserved(container: Container, table: Table, row: int) -> Mapping[str, int]:
    """Return the resources that it has reserved on the node of that row."""
    reserved = reserved_by(container)
    devices = devices_of(container.config, table.capacity)
    if container.is_done or devices is NONE:
        return reserved
    all_there = {kind: int(table.capacity[kind][row]) for kind in devices.whole}
    return Counter(reserved) + Counter({**devices.needs, **all_there})
