"""The life of a replica: what comes before it, when it is well, how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Condition = Literal["service_started", "service_healthy", "service_completed_successfully"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Healthcheck:
    """`test` is in the engine's form: ("CMD", …), ("CMD-SHELL", text), or ("NONE",).

    `start_interval_s` takes the place of `interval_s` during the start period; 0: as the engine does.
    """

    test: tuple[str, ...]
    interval_s: float = 30
    timeout_s: float = 30
    retries: int = 3
    start_period_s: float = 0
    start_interval_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A command that is run inside a running container; empty: as the container itself is run."""

    command: tuple[str, ...]
    user: str = ""
    privileged: bool = False
    working_dir: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A service that has to be there first.

    `restart`: a change of it replaces those that depend on it, too. Not `required`: it comes first if it
    can, and nobody waits for it if it cannot.
    """

    service: str
    condition: Condition = "service_started"
    restart: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """`completes`: it is a job, or another service waits until this one has completed.

    It runs once, and its end with the exit code 0 is what it is for. `unattended`: nobody waits for that.
    """

    completes: bool = False
    unattended: bool = False
    healthcheck: Healthcheck | None = None
    restart: str = "unless-stopped"
    stop_grace_period_s: float = 10
    post_start: tuple[Hook, ...] = ()
    pre_stop: tuple[Hook, ...] = ()
