"""A node's answer (the result of `node_info`) -> what was observed of it.

The answer is data from outside: whatever in it is not of the agreed shape makes the node one that did
not answer, never a traceback, and never an empty node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrate.model.node import Node
from orchestrate.model.observed import Container, ObservedNode, Part, Registration

Json = Mapping[str, Any]


def observed_node(node: Node, answer: Json) -> ObservedNode:
    try:
        return _observed_node(node, answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return ObservedNode(
            node=node, answered=False, detail=f"its answer makes no sense: {error!r}"
        )


def silent_node(node: Node, detail: str) -> ObservedNode:
    return ObservedNode(node=node, answered=False, detail=detail)


def _observed_node(node: Node, answer: Json) -> ObservedNode:
    network, consul, proxy = answer["network"], answer["consul"], answer["proxy"]
    return ObservedNode(
        node=node,
        cpus=float(answer["capacity"]["cpus"]),
        memory=int(answer["capacity"]["memory"]),
        platform={str(key): str(value) for key, value in answer["platform"].items()},
        engine=_part(answer["engine"]),
        network=_part(network),
        consul=_part(consul),
        proxy=_part(proxy),
        gateway=str(network.get("gateway", "")),
        routes=str(proxy.get("routes", "")),
        containers=tuple(_container(one) for one in _list(answer["containers"])),
        images={str(key): dict(value) for key, value in answer["images"].items()},
        tags=frozenset(str(tag) for tag in _list(answer["tags"])),
        volumes=frozenset(str(one["name"]) for one in _list(answer["volumes"])),
        published=frozenset(
            (int(one["published"]), str(one["protocol"])) for one in _list(answer["published"])
        ),
        registrations=tuple(_registration(one) for one in _list(consul["services"])),
    )


def _part(answer: Json) -> Part:
    problems = [str(one) for one in _list(answer.get("problems", []))]
    return Part(state=answer["state"], problems=tuple(problems))


def _container(answer: Json) -> Container:
    config = dict(answer["config"])
    return Container(
        name=str(answer["name"]),
        id=str(answer["id"]),
        state=str(answer["state"]),
        exit_code=int(answer["exit_code"]),
        created_at=str(answer["created_at"]),
        started_at=str(answer["started_at"]),
        health=answer["health"],
        address=str(answer["address"]),
        image_id=str(answer["image_id"]),
        config=config | {"labels": {str(k): str(v) for k, v in config["labels"].items()}},
    )


def _registration(answer: Json) -> Registration:
    return Registration(
        id=str(answer["id"]),
        service=str(answer["service"]),
        address=str(answer["address"]),
        port=int(answer["port"]),
        meta={str(key): str(value) for key, value in answer["meta"].items()},
        status=answer["status"],
        output=str(answer.get("output", "")),
        filed=bool(answer.get("file", True)),
    )


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, got {type(value).__name__}")
    return value
