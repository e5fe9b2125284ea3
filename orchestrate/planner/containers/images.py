"""Which image a tag stands for: decided once, when a file is deployed, so that all nodes run the same.

A reference is pinned by its digest: `web:1@sha256:…`. The tag stays in it for people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from orchestrate.model.observed.node import ObservedNode

Data = Mapping[str, Any]
_DIGEST = re.compile(r"(@sha256:[0-9a-f]{12})[0-9a-f]{52}\b")


def to_resolve(data: Data) -> list[str]:
    """The images of a file whose tags have to be looked up in their registries, sorted."""
    return sorted(
        {
            service["image"]
            for service in data["services"].values()
            if "@" not in service["image"] and service.get("pull_policy") != "never"
        }
    )


def pinned(data: Data, before: Data | None, seen: Iterable[ObservedNode]) -> Data:
    """The file with what was found out. What nobody could tell stays as it was deployed before."""
    known = _pins(before)
    now = {
        image: f"{image}@{digest}" for node in seen for image, digest in node.engine.digests.items()
    }
    services = {
        name: {**service, "image": _pinned(service, known, now)}
        for name, service in data["services"].items()
    }
    return {**data, "services": services}


def is_there(image: str, tags: Collection[str]) -> bool:
    """True if the node has the image, by its tag, or by its digest without the tag."""
    name, at, digest = image.partition("@")
    return (f"{_without_tag(name)}@{digest}" if at else image) in tags


def short(image: str) -> str:
    """Return an image's name as a person reads it: without the digest, if there is a tag."""
    name = image.partition("@")[0]
    return name if name != _without_tag(name) else image


def abridged(text: str) -> str:
    """Return the image with as much of a digest as tells it from others."""
    return _DIGEST.sub(r"\1", text)


def _pins(data: Data | None) -> dict[str, str]:
    images = [service["image"] for service in data["services"].values()] if data else []
    return {image.partition("@")[0]: image for image in images if "@" in image}


def _pinned(service: Data, known: Mapping[str, str], now: Mapping[str, str]) -> str:
    image: str = service["image"]
    match service.get("pull_policy"):
        case "never":
            return image
        case "missing":
            return known.get(image) or now.get(image, image)
        case _:
            return now.get(image) or known.get(image, image)


def _without_tag(name: str) -> str:
    path, slash, last = name.rpartition("/")
    return path + slash + last.partition(":")[0]
