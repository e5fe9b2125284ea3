# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The healthcheck of a ContainerConfig, and the engine's.

The engine counts in nanoseconds and writes 0 for "as the image says, and else the default".
"""

from __future__ import annotations

_NANO = 1_000_000_000
_DURATIONS = (
    ("Interval", "interval_s", 30),
    ("Timeout", "timeout_s", 30),
    ("StartPeriod", "start_period_s", 0),
    ("StartInterval", "start_interval_s", 0),
)
_RETRIES = 3


def to_engine(healthcheck: dict | None) -> dict | None:
    if healthcheck is None:
        return None
    durations = {theirs: round(healthcheck[ours] * _NANO) for theirs, ours, _ in _DURATIONS}
    return {"Test": healthcheck["test"], "Retries": healthcheck["retries"], **durations}


def from_engine(healthcheck: dict | None) -> dict | None:
    if not (healthcheck and healthcheck.get("Test")):
        return None
    durations = {
        ours: _seconds(healthcheck.get(theirs) or default * _NANO)
        for theirs, ours, default in _DURATIONS
    }
    return {
        "test": healthcheck["Test"],
        "retries": healthcheck.get("Retries") or _RETRIES,
        **durations,
    }


def unkept(wanted: dict | None, inspection: dict) -> list[str]:
    """Name what an engine older than its parameter has passed over."""
    seen = from_engine(inspection["Config"].get("Healthcheck")) or {}
    asked = (wanted or {}).get("start_interval_s")
    return ["healthcheck.start_interval"] if asked and not seen.get("start_interval_s") else []


def _seconds(nanoseconds: int) -> float:
    whole, rest = divmod(nanoseconds, _NANO)
    return nanoseconds / _NANO if rest else whole
