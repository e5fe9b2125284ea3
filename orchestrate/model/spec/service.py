"""A service: an image, what is made of it, and how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrate.model.budget import Budget
from orchestrate.model.spec.deploy import Deploy
from orchestrate.model.spec.lifecycle import Dependency, Lifecycle
from orchestrate.model.spec.network import ServiceNetwork
from orchestrate.model.spec.storage import Storage

PullPolicy = Literal["always", "missing", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSpec:
    """A container, but for its image.

    `command` and `entrypoint` None: what the image says; empty: nothing. `attributes` is what only the
    engine has to know, as the module `replicas` takes it.
    """

    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of a project. Its groups follow what is asked of them, not the order of the file."""

    name: str
    image: str
    pull_policy: PullPolicy = "always"
    platform: str = ""
    """`linux/arm64`, which its nodes have to be; empty: what they are."""
    container: ContainerSpec = field(default_factory=ContainerSpec)
    network: ServiceNetwork = field(default_factory=ServiceNetwork)
    storage: Storage = field(default_factory=Storage)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    deploy: Deploy = field(default_factory=Deploy)
    depends_on: tuple[Dependency, ...] = ()
    budget: Budget | None = None
    priority: int = 0
    """`x-priority`: what is more important may push out what is less so."""
