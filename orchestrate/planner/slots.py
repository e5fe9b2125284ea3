"""One slot of one service: what is there, and what that means.

The verdicts: `keep` (as it should be), `start` (the right container, not passing yet), `register` (passing
traffic is only a registration away), `wait` (running long since and still not passing: nothing that this
plan could do better), `replace` (another container is wanted), `missing` (there is none).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orchestrate.model.constraint import Constraint
from orchestrate.model.plan import Difference, Replica
from orchestrate.planner.compare import differences
from orchestrate.planner.filters import broken_constraint
from orchestrate.planner.sight import Seen

Verdict = Literal["keep", "start", "register", "wait", "replace", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """`kept` is the container that stays or is replaced; `others` hold the same slot besides it."""

    replica: Replica
    verdict: Verdict
    kept: Seen | None = None
    others: tuple[Seen, ...] = ()
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    must_move: bool = False


def assess(replica: Replica, seen: Sequence[Seen], at: float, deadline_s: float) -> Slot:
    """The verdict on a slot. `seen` are all containers that hold it; `at` is now."""
    if not seen:
        return Slot(replica=replica, verdict="missing", reason="missing")
    ranked = sorted(seen, key=lambda one: _worth(replica, one), reverse=True)
    kept, others = ranked[0], tuple(ranked[1:])
    moved = broken_constraint(_constraints(replica), kept.node)
    found = _differences(replica, kept)
    if moved or found or kept.container.health == "unhealthy":
        return Slot(
            replica=replica,
            verdict="replace",
            kept=kept,
            others=others,
            reason=_why_replaced(replica, kept, moved),
            differences=found,
            must_move=moved is not None,
        )
    verdict, reason = _in_place(replica, kept, at, deadline_s)
    return Slot(replica=replica, verdict=verdict, kept=kept, others=others, reason=reason)


def _worth(replica: Replica, seen: Seen) -> tuple[bool, bool, bool, str, str]:
    """The right one first, then what serves, then the younger: it superseded the other."""
    right = not _differences(replica, seen) and not broken_constraint(
        _constraints(replica), seen.node
    )
    container = seen.container
    return right, seen.is_passing, seen.is_running, container.created_at, container.name


def _constraints(replica: Replica) -> tuple[Constraint, ...]:
    return replica.service.deploy.constraints


def _differences(replica: Replica, seen: Seen) -> tuple[Difference, ...]:
    image = seen.node.images.get(seen.container.image_id, {})
    return differences(replica.config, seen.container.config, image)


def _why_replaced(replica: Replica, kept: Seen, moved: str | None) -> str:
    if moved:
        return f"{kept.node.name} no longer satisfies {moved}"
    if kept.container.health == "unhealthy":
        return "unhealthy"
    if kept.container.revision != replica.revision:
        return "the file changed"
    return "changed by hand"


def _in_place(replica: Replica, kept: Seen, at: float, deadline_s: float) -> tuple[Verdict, str]:
    container = kept.container
    if not kept.is_running:
        return "start", f"{container.state} (exit code {container.exit_code})"
    wrong = _wrong_registration(replica, kept)
    if wrong:
        return "register", wrong
    if kept.is_passing:
        return "keep", ""
    output = " ".join(kept.registration.output.split()) if kept.registration else ""
    reason = f"running, not passing: {output}" if output else "running, not passing yet"
    return ("start" if _age_s(container.started_at, at) < deadline_s else "wait"), reason


def _wrong_registration(replica: Replica, kept: Seen) -> str:
    entry = kept.registration
    if entry is None or not entry.filed:
        return "not registered in Consul"
    wanted = (
        f"{replica.project}--{replica.service.name}",
        kept.container.address,
        replica.service.port or 0,
    )
    if (entry.service, entry.address, entry.port) != wanted:
        return "registered in Consul under another name or address"
    if entry.status == "maintenance":
        return "in maintenance"
    return ""


def _age_s(started_at: str, at: float) -> float:
    """Seconds since a moment in the engine's notation; very long where it is not one."""
    try:
        started = datetime.fromisoformat(started_at)
    except ValueError:
        return float("inf")
    return at - started.timestamp() if started.tzinfo else float("inf")
