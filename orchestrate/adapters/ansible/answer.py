"""A node's answer (the result of `node_info`) -> what was observed of it.

The answer is data from outside: whatever in it is not of the agreed shape makes the node one that did
not answer, never a traceback, and never an empty node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import Any, get_args

from orchestrate.model.network import Policy
from orchestrate.model.node import Node
from orchestrate.model.observed import (
    PROJECT_LABEL,
    Container,
    Health,
    ObservedNode,
    Part,
    PartState,
    Registration,
    ServiceStatus,
)

Json = Mapping[str, Any]


def observed_node(node: Node, answer: Json) -> ObservedNode:
    try:
        return _observed_node(node, answer)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        return ObservedNode(
            node=node, answered=False, detail=f"its answer makes no sense: {error!r}"
        )


def silent_node(node: Node, detail: str) -> ObservedNode:
    return ObservedNode(node=node, answered=False, detail=detail)


def _observed_node(node: Node, answer: Json) -> ObservedNode:
    network, consul, proxy = answer["network"], answer["consul"], answer["proxy"]
    return ObservedNode(
        node=node,
        now=float(answer["now"]),
        cpus=float(answer["capacity"]["cpus"]),
        memory=int(answer["capacity"]["memory"]),
        platform=_texts(answer["platform"]),
        engine=_part(answer["engine"]),
        engine_version=str(answer["engine"].get("version", "")),
        engine_labels=_texts(answer["engine"].get("labels", {})),
        network=_part(network),
        peers=frozenset(str(one) for one in _list(network.get("peers", []))),
        consul=_part(consul),
        proxy=_part(proxy),
        gateway=str(network.get("gateway", "")),
        subnet=_subnet(network.get("subnet", "")),
        addresses=frozenset(str(one) for one in _list(answer["addresses"])),
        policy=_policy(network.get("policy")),
        routes=str(proxy.get("routes", "")),
        **_sockets(proxy),
        containers=tuple(_container(one) for one in _list(answer["containers"])),
        images={str(key): _image(value) for key, value in answer["images"].items()},
        tags=frozenset(str(tag) for tag in _list(answer["tags"])),
        digests=_texts(answer["digests"]),
        volumes={
            str(one["name"]): str(one["labels"].get(PROJECT_LABEL, ""))
            for one in _list(answer["volumes"])
        },
        published=frozenset(
            (int(one["published"]), str(one["protocol"])) for one in _list(answer["published"])
        ),
        foreign={str(name): float(amount) for name, amount in answer["foreign"].items()},
        registrations=tuple(_registration(one) for one in _list(consul["services"])),
    )


def _sockets(proxy: Json) -> dict[str, Any]:
    """Where the proxy listens, and others on its host; the empty address is any."""
    bind = proxy["bind"]
    return {
        "request_address": _address(bind["address"]),
        "request_port": int(bind["port"]),
        "own_addresses": frozenset(str(ip_address(one)) for one in _list(proxy["addresses"])),
        "listening": frozenset(
            (_address(one["address"]), int(one["port"])) for one in _list(proxy["listening"])
        ),
    }


def _address(text: str) -> str:
    if text in {"", "*"} or ip_address(text).is_unspecified:
        return ""
    return str(ip_address(text))


def _part(answer: Json) -> Part:
    problems = [str(one) for one in _list(answer.get("problems", []))]
    return Part(state=_one_of(PartState, answer["state"]), problems=tuple(problems))


def _subnet(text: str) -> str:
    return str(IPv4Network(text)) if text else ""


def _policy(answer: Json | None) -> Policy | None:
    if answer is None:
        return None
    networks = {str(name): _sorted(members) for name, members in answer["networks"].items()}
    return Policy(networks=networks, confined=_sorted(answer["confined"]))


def _sorted(addresses: Any) -> tuple[str, ...]:
    return tuple(sorted(str(IPv4Address(one)) for one in _list(addresses)))


def _container(answer: Json) -> Container:
    return Container(
        name=str(answer["name"]),
        id=str(answer["id"]),
        state=str(answer["state"]),
        exit_code=int(answer["exit_code"]),
        restarts=int(answer["restart_count"]),
        created_at=str(answer["created_at"]),
        started_at=str(answer["started_at"]),
        health=_one_of(Health, answer["health"]),
        address=str(answer["address"]),
        image_id=str(answer["image_id"]),
        files=_texts(answer["files"]),
        config=_config(answer["config"]),
    )


def _config(answer: Json) -> dict[str, Any]:
    """What the planner takes apart has its shape; the rest is only ever held against what is wanted."""
    return {
        **answer,
        "labels": _texts(answer["labels"]),
        "environment": _texts(answer["environment"]),
        "mounts": [_mount(one) for one in _list(answer["mounts"])],
        "ports": [_port(one) for one in _list(answer["ports"])],
        "stop_grace_s": float(answer["stop_grace_s"]),
        "pids": round(float(answer["pids"])),
        "restart": _text(answer["restart"]),
        **({"mac_address": _text(answer["mac_address"])} if "mac_address" in answer else {}),
        **_device_requests(answer),
    }


def _device_requests(answer: Json) -> dict[str, Any]:
    """Few containers have any."""
    found = [
        {
            **one,
            "count": int(one["count"]),
            "device_ids": [str(name) for name in _list(one["device_ids"])],
            "capabilities": [str(name) for name in _list(one["capabilities"])],
        }
        for one in _list(answer.get("device_requests", []))
    ]
    return {"device_requests": found} if found else {}


def _mount(answer: Json) -> dict[str, Any]:
    texts = {key: str(answer[key]) for key in ("type", "source", "target")}
    options = {key: answer[key] for key in ("propagation", "nocopy") if answer.get(key)}
    return {**texts, "read_only": bool(answer["read_only"]), **options}


def _port(answer: Json) -> dict[str, Any]:
    numbers = {key: int(answer[key]) for key in ("target", "published")}
    return {**numbers, "protocol": str(answer["protocol"]), "host_ip": str(answer["host_ip"])}


def _image(answer: Json) -> dict[str, Any]:
    return {
        **answer,
        "labels": _texts(answer["labels"]),
        "environment": _texts(answer["environment"]),
        "expose": [int(one) for one in _list(answer["expose"])],
        "volumes": [str(one) for one in _list(answer["volumes"])],
    }


def _registration(answer: Json) -> Registration:
    return Registration(
        id=str(answer["id"]),
        service=str(answer["service"]),
        address=str(answer["address"]),
        port=int(answer["port"]),
        meta=_texts(answer["meta"]),
        status=_one_of(ServiceStatus, answer["status"]),
        output=str(answer.get("output", "")),
        filed=bool(answer.get("file", True)),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _texts(answer: Json) -> dict[str, str]:
    return {str(key): str(value) for key, value in answer.items()}


def _one_of(kind: Any, value: Any) -> Any:
    if value not in get_args(kind):
        raise ValueError(f"expected one of {', '.join(get_args(kind))}, got {value!r}")
    return value


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, got {type(value).__name__}")
    return value
