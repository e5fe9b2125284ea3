"""The verdict on one slot of a service, from the containers that hold it.

The verdicts: `keep` (as it should be), `start` (the right container, not passing yet, or not completed),
`register` (passing traffic is only a registration away), `wait` (it crashes, or runs long since and is still
not passing: the engine does what can be done), `replace` (another container is wanted), `missing` (there is
none).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from orchestrate.model.observed.container import Container
from orchestrate.model.plan import Difference, Replica
from orchestrate.planner.containers.compare import Pattern, differences
from orchestrate.planner.containers.files import other_files, wrong_file
from orchestrate.planner.containers.replica import POST_START_LABEL, slot_labels
from orchestrate.planner.containers.timestamps import elapsed_s
from orchestrate.planner.placement.filters import eviction
from orchestrate.planner.snapshot import ObservedReplica

Verdict = Literal["keep", "start", "register", "wait", "replace", "missing"]
Key = tuple[int, str]
"""Slot, and for a global service its node: there every node has a slot 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """`kept` is the container that stays or is replaced; `others` hold the same slot besides it."""

    replica: Replica
    verdict: Verdict
    kept: ObservedReplica | None = None
    others: tuple[ObservedReplica, ...] = ()
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    must_move: bool = False

    @property
    def monitor_s(self) -> float:
        """How long its replica has to stay healthy once it is: only an update is watched for that long.

        A job that nobody waits for has no other check than that it runs.
        """
        service = self.replica.service
        is_update = bool(self.differences or self.others)
        return service.deploy.update.monitor_s if is_update or service.lifecycle.unattended else 0

    @property
    def is_served(self) -> bool:
        """True if a replica serves the slot, or has completed its work."""
        held = (self.kept, *self.others) if self.kept else ()
        return any(
            one.is_passing or (self.replica.service.lifecycle.completes and one.has_completed)
            for one in held
        )


def assess(replica: Replica, seen: Sequence[ObservedReplica], deadline_s: float) -> Slot:
    """Return the verdict on a slot. `seen` are all containers that hold it."""
    if not seen:
        return Slot(replica=replica, verdict="missing", reason="missing")
    best, *rest = sorted((_judged(replica, one) for one in seen), key=_worth, reverse=True)
    kept, found, evicted = best
    others = tuple(one.seen for one in rest)
    if evicted or found or _is_sick(kept):
        return Slot(
            replica=replica,
            verdict="replace",
            kept=kept,
            others=others,
            reason=evicted or _why_replaced(replica, kept, is_different=bool(found)),
            differences=found,
            must_move=evicted is not None,
        )
    verdict, reason = _in_place(replica, kept, deadline_s)
    if verdict == "keep" and _is_monitored(replica, kept, rest):
        verdict, reason = "start", "passing, but not for long enough to replace the old version"
    return Slot(replica=replica, verdict=verdict, kept=kept, others=others, reason=reason)


class Standard:
    """The measure of a service's containers, where each is the only one that holds its slot."""

    def __init__(self, first: Replica, deadline_s: float) -> None:
        self._first = first
        self._pattern = Pattern(first.config)
        self._deadline_s = deadline_s

    def is_met(self, slot: int, seen: ObservedReplica) -> bool:
        """True only if `assess` would keep it; where it is False, `assess` decides."""
        first, container = self._first, seen.container
        image = seen.node.engine.images.get(container.image_id, _NO_IMAGE)
        return (
            self._pattern.fits(container.config, slot_labels(slot), image)
            and not other_files(first.service, container)
            and not (_is_sick(seen) or seen.is_given_up or first.service.lifecycle.completes)
            and eviction(first, seen.node) is None
            and _in_place(first, seen, self._deadline_s)[0] == "keep"
        )


_NO_IMAGE: Mapping[str, Any] = {}


class _Judged(NamedTuple):
    seen: ObservedReplica
    differences: tuple[Difference, ...]
    evicted: str | None


def _judged(replica: Replica, seen: ObservedReplica) -> _Judged:
    return _Judged(seen, _differences(replica, seen), why_evicted(replica, seen))


def _worth(one: _Judged) -> tuple[bool, bool, bool, float, str]:
    """The right one first, then what serves, then the younger: it superseded the other."""
    right = not one.differences and not one.evicted
    seen, container = one.seen, one.seen.container
    age_s = elapsed_s(container.created_at, seen.node)
    return right, seen.is_passing, seen.is_running, -age_s, container.name


def _is_monitored(replica: Replica, kept: ObservedReplica, rest: Sequence[_Judged]) -> bool:
    """True while an older version still serves beside it, and could go on if this one fails."""
    is_update = any(other.differences and other.seen.is_passing for other in rest)
    monitor_s = replica.service.deploy.update.monitor_s
    return is_update and 0 <= elapsed_s(kept.container.started_at, kept.node) < monitor_s


def why_evicted(replica: Replica, seen: ObservedReplica) -> str | None:
    """Return why the replica must leave its node; a replica that has completed may stay anywhere."""
    is_done = replica.service.lifecycle.completes and seen.has_completed
    return None if is_done else eviction(replica, seen.node)


def _is_sick(seen: ObservedReplica) -> bool:
    """True if the engine finds a running container unhealthy; its word on one that has ended is old."""
    return seen.is_running and seen.container.health == "unhealthy"


def _differences(replica: Replica, seen: ObservedReplica) -> tuple[Difference, ...]:
    image = seen.node.engine.images.get(seen.container.image_id, _NO_IMAGE)
    return differences(replica.config, seen.container.config, image) or other_files(
        replica.service, seen.container
    )


def _why_replaced(replica: Replica, kept: ObservedReplica, *, is_different: bool) -> str:
    if not is_different:
        return "unhealthy"
    if kept.container.revision != replica.revision:
        return "the file changed"
    return "changed by hand"


def _in_place(replica: Replica, kept: ObservedReplica, deadline_s: float) -> tuple[Verdict, str]:
    container, consul = kept.container, kept.node.consul
    wrong_one = wrong_file(replica.service, container)
    if replica.service.lifecycle.completes:
        return _before_its_end(replica, kept)
    if container.state == "restarting" and not wrong_one:
        return "wait", _crashes(container)
    if not kept.is_running:
        return "start", wrong_one or _ended(container)
    if consul.state != "running":
        return (
            "wait",
            f"its state is not known: the Consul agent of {kept.node.name} is {consul.state}",
        )
    if wrong_one:
        return "start", wrong_one
    wrong = _wrong_registration(replica, kept)
    if wrong:
        return _remedy(kept), wrong
    if kept.is_passing:
        return "keep", ""
    is_young = 0 <= elapsed_s(container.started_at, kept.node) < deadline_s
    return "start" if is_young and not container.restarts else "wait", _not_passing(kept)


def _before_its_end(replica: Replica, kept: ObservedReplica) -> tuple[Verdict, str]:
    """Judge a replica that runs to completion: it is started, or awaited, until it has completed."""
    container, is_unattended = kept.container, replica.service.lifecycle.unattended
    if kept.has_completed or (kept.is_running and is_unattended):
        wrong = _wrong_registration(replica, kept)
        return (_remedy(kept), wrong) if wrong else ("keep", "")
    if is_unattended and container.state == "restarting":
        return "wait", _crashes(container)
    if is_unattended and _has_given_up(container):
        return "wait", f"has failed, {_ended(container)}: a new version of it runs again"
    return "start", "has not completed" if kept.is_running else _ended(container)


def _has_given_up(container: Container) -> bool:
    """True if it has failed as often as its file allows, so that the engine does not try again."""
    policy, _, attempts = container.config["restart"].partition(":")
    is_last = policy == "no" or (attempts != "" and container.restarts >= int(attempts))
    return container.state == "exited" and is_last


def _crashes(container: Container) -> str:
    return f"crashes: {_ended(container)}, started again {container.restarts} times"


def _remedy(kept: ObservedReplica) -> Verdict:
    """A replica is registered after its hooks: without a registration they may not have been run."""
    may_lack_hooks = kept.registration is None and POST_START_LABEL in kept.container.labels
    return "start" if may_lack_hooks and kept.is_running else "register"


def _ended(container: Container) -> str:
    if container.state in {"created", "paused"}:
        return container.state
    return f"{container.state} (exit code {container.exit_code})"


def _not_passing(kept: ObservedReplica) -> str:
    output = " ".join(kept.registration.output.split()) if kept.registration else ""
    return f"running, not passing: {output}" if output else "running, not passing yet"


def _wrong_registration(replica: Replica, kept: ObservedReplica) -> str:
    entry = kept.registration
    if entry is None or not entry.filed:
        return "not registered in Consul"
    wanted = (
        f"{replica.project}--{replica.service.name}",
        kept.container.address,
        replica.service.network.port or 0,
    )
    if (entry.service, entry.address, entry.port) != wanted:
        return "registered in Consul under another name or address"
    if entry.status == "maintenance":
        return "in maintenance"
    return ""
