"""`ports` and `expose`. A port is published on the proxies, or (`mode: host`) on the replica's node."""

from __future__ import annotations

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, MismatchError
from orchestrate.spec.rules.kinds import Finished, Forms, ListOf, PassedOver, Section, Unique
from orchestrate.spec.rules.scalars import ADDRESS, PORT, one_of, parse_address, parse_ports

MAX_RANGE = 1000
MAX_PORTS = 100_000
_SHORT = 'a port such as "8080:80"'
_ON_THE_NODE = (
    "UDP does not pass the proxies, which are for TCP: publish it on the node of the replica, "
    'by the long form with "protocol: udp" and "mode: host"'
)
_UNPUBLISHED = (
    'name the published port, as in "8080:80"; '
    "to be found by other services a port needs no publishing: expose"
)


def _read_short(spot: Cursor) -> Plain:
    address, slash, protocol = str(spot.content).partition("/")
    *before, target = address.rsplit(":", 2)
    targets, published = parse_ports(target), parse_ports(before[-1]) if before else None
    host_ip = parse_address(before[0]) if len(before) > 1 else ""
    if protocol not in {"tcp", "udp"} and slash:
        raise MismatchError(f'expected the protocol "tcp" or "udp", got {describe(protocol)}')
    if targets is None or host_ip is None or (before and before[-1] and published is None):
        raise MismatchError(f"expected {_SHORT}, got {describe(spot.content)}")
    if published is None:
        raise MismatchError(f"a port that the engine chooses is not supported: {_UNPUBLISHED}")
    if len(targets) != len(published) or len(targets) > MAX_RANGE:
        raise MismatchError(f"expected two ranges of one length, at most {MAX_RANGE} ports")
    if protocol == "udp":
        raise MismatchError(_ON_THE_NODE)
    _count(spot, targets)
    return [
        _canonical({"target": inner, "published": outer, "host_ip": host_ip})
        for inner, outer in zip(targets, published, strict=True)
    ]


def _canonical(port: Plain) -> Plain:
    address = {"host_ip": port["host_ip"]} if port.get("host_ip") else {}
    return {
        "mode": port.get("mode", "ingress"),
        **address,
        "target": port["target"],
        "published": str(port["published"]),
        "protocol": port.get("protocol", "tcp"),
    }


def _check_protocol(spot: Cursor, port: Plain) -> None:
    if port.get("protocol") == "udp" and port.get("mode") != "host":
        spot.refuse(_ON_THE_NODE)


_LONG = Section(
    keys={
        "target": PORT,
        "published": PORT,
        "protocol": one_of("tcp", "udp"),
        "host_ip": ADDRESS,
        "mode": one_of("ingress", "host"),
        "name": PassedOver("has no effect: a port is known by its number"),
        "app_protocol": PassedOver("has no effect: HTTP is let in by x-ingress"),
    },
    required={"target": "give the port of the container", "published": _UNPUBLISHED},
    checks=(_check_protocol,),
)


def _complete(port: Plain) -> Plain:
    if not {"target", "published"} <= port.keys():
        return None
    return [_canonical(port)]


def _count(spot: Cursor, ports: range) -> None:
    """A range in a list that an alias repeats is far more than the file shows."""
    spot.examination.ports += len(ports)
    if spot.examination.ports > MAX_PORTS:
        spot.refuse(f"with it the project has more than {MAX_PORTS} ports")
        spot.examination.findings.raise_problems()


def _read_exposed(spot: Cursor) -> Plain:
    number, slash, protocol = str(spot.content).partition("/")
    ports = parse_ports(number)
    if ports is None or len(ports) > MAX_RANGE or (slash and protocol != "tcp"):
        raise MismatchError(f'expected a TCP port such as "80", got {describe(spot.content)}')
    _count(spot, ports)
    return [str(port) for port in ports]


EXPOSE = Finished(
    ListOf(Forms('a TCP port such as "80", or a range', text=_read_exposed)),
    lambda ports: list(dict.fromkeys(port for some in ports for port in some)),
)
PORTS = Unique(
    item=Forms(f"{_SHORT} or a mapping", text=_read_short, mapping=Finished(_LONG, _complete)),
    identity=lambda port: (
        port.get("host_ip"),
        port["target"],
        port["published"],
        port["protocol"],
    ),
    note="published",
)
