"""The rules for services that run to completion: jobs, and dependencies that have to complete."""

from __future__ import annotations

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor


def check_job(spot: Cursor, service: Plain) -> None:
    mode = service.get("deploy", {}).get("mode", "")
    if mode.endswith("-job"):
        check_end(spot, service, f"is a job (deploy.mode: {mode})")


def check_end(spot: Cursor, service: Plain, said: str) -> None:
    """Refuse a restart policy, or a probe, with which the service would never complete."""
    if "x-ingress" in service:
        spot.refuse(f"{said}, and cannot serve x-ingress: remove one")
    policy = service.get("deploy", {}).get("restart_policy", {})
    if policy.get("condition") == "any":
        spot.refuse(f"{said}, which restart_policy.condition: any prevents: remove one")
    if service.get("restart") in {"always", "unless-stopped"} and not policy:
        spot.refuse(f"{said}, which restart: {service['restart']} prevents: remove one")
