"""The ports of a cycle together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from orchestrate.ports.actuator import Actuator
from orchestrate.ports.catalogue import Catalogue
from orchestrate.ports.clock import Clock
from orchestrate.ports.contents import Contents
from orchestrate.ports.inventory import Inventory
from orchestrate.ports.observer import Observer
from orchestrate.ports.reporter import Reporter
from orchestrate.ports.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """`pause` lets so many seconds pass, or fewer when the user wants an end."""

    inventory: Inventory
    observer: Observer
    actuator: Actuator
    store: Store
    catalogue: Catalogue
    clock: Clock
    reporter: Reporter
    contents: Contents
    pause: Callable[[float], object]
