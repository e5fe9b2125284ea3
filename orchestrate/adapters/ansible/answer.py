"""A node's answer (the result of `node_info`) -> what was observed of it.

The answer is data from outside: whatever in it is not of the agreed shape makes the node one that did
not answer, never a traceback, and never an empty node.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import Any

from orchestrate.adapters.ansible.decode import (
    DecodeError,
    Json,
    by_key,
    each,
    field,
    mapping,
    number,
    one_of,
    optional,
    text,
    texts,
    whole,
)
from orchestrate.model.network import Policy
from orchestrate.model.node import Node
from orchestrate.model.observed.answer import Answer, Capacity
from orchestrate.model.observed.container import PROJECT_LABEL, Container, Health
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import ConsulAgent, Engine, NodeNetwork, Proxy, SaidState
from orchestrate.model.observed.registration import Registration, ServiceStatus


def observed_node(node: Node, said: Any) -> ObservedNode:
    try:
        return ObservedNode(node=node, answer=decode_answer(said))
    except DecodeError as error:
        return silent_node(node, f"its answer makes no sense: {error}")


def silent_node(node: Node, detail: str) -> ObservedNode:
    return ObservedNode(node=node, answer=Answer(detail=detail))


def decode_answer(said: Json) -> Answer:
    """DecodeError names the path of what is wrong or missing."""
    return Answer(
        answered=True,
        now=field(said, "now", number),
        capacity=_capacity(said),
        engine=_engine(said),
        network=_network(said),
        consul=field(said, "consul", _consul),
        proxy=field(said, "proxy", _proxy),
    )


def _capacity(said: Json) -> Capacity:
    cpus, memory = field(
        said, "capacity", lambda has: (field(has, "cpus", number), field(has, "memory", whole))
    )
    return Capacity(
        cpus=cpus,
        memory=memory,
        platform=field(said, "platform", texts),
        foreign=field(said, "foreign", by_key(number)),
    )


def _engine(said: Json) -> Engine:
    """Decode the engine; in an answer its contents stand beside its state."""
    return Engine(
        **field(said, "engine", _state),
        version=field(said, "engine", lambda engine: optional(engine, "version", text, "")),
        labels=field(said, "engine", lambda engine: optional(engine, "labels", texts, {})),
        containers=field(said, "containers", each(_container)),
        images=field(said, "images", by_key(_image)),
        tags=frozenset(field(said, "tags", each(text))),
        digests=field(said, "digests", texts),
        volumes=dict(field(said, "volumes", each(_volume))),
        published=frozenset(field(said, "published", each(_published))),
    )


def _network(said: Json) -> NodeNetwork:
    addresses = field(said, "addresses", each(text))
    return field(
        said,
        "network",
        lambda network: NodeNetwork(
            **_state(network),
            gateway=optional(network, "gateway", text, ""),
            subnet=optional(network, "subnet", _subnet, ""),
            addresses=frozenset(addresses),
            peers=frozenset(optional(network, "peers", each(text), ())),
            policy=optional(network, "policy", _policy, None),
        ),
    )


def _consul(consul: Json) -> ConsulAgent:
    return ConsulAgent(
        **_state(consul), registrations=field(consul, "services", each(_registration))
    )


def _proxy(proxy: Json) -> Proxy:
    address, port = field(proxy, "bind", _socket)
    return Proxy(
        **_state(proxy),
        routes=optional(proxy, "routes", text, ""),
        request_address=address,
        request_port=port,
        own_addresses=frozenset(
            field(proxy, "addresses", each(lambda address: str(ip_address(text(address)))))
        ),
        listening=frozenset(field(proxy, "listening", each(_socket))),
    )


def _state(part: Json) -> dict[str, Any]:
    return {
        "state": field(part, "state", one_of(SaidState)),
        "problems": optional(part, "problems", each(text), ()),
    }


def _socket(socket: Json) -> tuple[str, int]:
    return field(socket, "address", _address), field(socket, "port", whole)


def _address(value: Any) -> str:
    """The empty address is any."""
    said = text(value)
    if said in {"", "*"} or ip_address(said).is_unspecified:
        return ""
    return str(ip_address(said))


def _subnet(value: Any) -> str:
    return str(IPv4Network(text(value))) if value else ""


def _policy(policy: Json | None) -> Policy | None:
    if policy is None:
        return None
    return Policy(
        networks=field(policy, "networks", by_key(_addresses)),
        confined=field(policy, "confined", _addresses),
    )


def _addresses(value: Any) -> tuple[str, ...]:
    return tuple(sorted(each(lambda address: str(IPv4Address(text(address))))(value)))


def _volume(volume: Json) -> tuple[str, str]:
    """The name, and the project whose label it carries."""
    return field(volume, "name", text), field(volume, "labels", texts).get(PROJECT_LABEL, "")


def _published(port: Json) -> tuple[int, str]:
    return field(port, "published", whole), field(port, "protocol", text)


def _container(container: Json) -> Container:
    return Container(
        name=field(container, "name", text),
        id=field(container, "id", text),
        state=field(container, "state", text),
        exit_code=field(container, "exit_code", whole),
        restarts=field(container, "restart_count", whole),
        created_at=field(container, "created_at", text),
        started_at=field(container, "started_at", text),
        health=field(container, "health", one_of(Health)),
        address=field(container, "address", text),
        image_id=field(container, "image_id", text),
        files=field(container, "files", texts),
        config=field(container, "config", _config),
    )


def _config(config: Json) -> dict[str, Any]:
    """Decode the parts that the planner takes apart; the rest is only compared with what is wanted."""
    return {
        **mapping(config),
        "labels": field(config, "labels", texts),
        "environment": field(config, "environment", texts),
        "mounts": list(field(config, "mounts", each(_mount))),
        "ports": list(field(config, "ports", each(_port))),
        "stop_grace_s": field(config, "stop_grace_s", number),
        "pids": field(config, "pids", whole),
        "restart": field(config, "restart", text),
        **({"mac_address": field(config, "mac_address", text)} if "mac_address" in config else {}),
        **_device_requests(config),
    }


def _device_requests(config: Json) -> dict[str, Any]:
    """Few containers have any."""
    requests = optional(config, "device_requests", each(_device_request), ())
    return {"device_requests": list(requests)} if requests else {}


def _device_request(request: Json) -> dict[str, Any]:
    return {
        **mapping(request),
        "count": field(request, "count", whole),
        "device_ids": list(field(request, "device_ids", each(text))),
        "capabilities": list(field(request, "capabilities", each(text))),
    }


def _mount(mount: Json) -> dict[str, Any]:
    words = {key: field(mount, key, text) for key in ("type", "source", "target")}
    options = {key: mount[key] for key in ("propagation", "nocopy") if mount.get(key)}
    return {**words, "read_only": bool(field(mount, "read_only", _anything)), **options}


def _port(port: Json) -> dict[str, Any]:
    numbers = {key: field(port, key, whole) for key in ("target", "published")}
    words = {key: field(port, key, text) for key in ("protocol", "host_ip")}
    return {**numbers, **words}


def _image(image: Json) -> dict[str, Any]:
    return {
        **mapping(image),
        "labels": field(image, "labels", texts),
        "environment": field(image, "environment", texts),
        "expose": list(field(image, "expose", each(whole))),
        "volumes": list(field(image, "volumes", each(text))),
    }


def _registration(service: Json) -> Registration:
    return Registration(
        id=field(service, "id", text),
        service=field(service, "service", text),
        address=field(service, "address", text),
        port=field(service, "port", whole),
        meta=field(service, "meta", texts),
        status=field(service, "status", one_of(ServiceStatus)),
        output=optional(service, "output", text, ""),
        filed=bool(optional(service, "file", _anything, default=True)),
    )


def _anything(value: Any) -> Any:
    return value
