"""The engine's restart policy of a container."""

from __future__ import annotations

from orchestrate.model.spec.lifecycle import Lifecycle
from orchestrate.model.spec.service import Service


def restart(service: Service) -> str:
    """Return the engine's restart policy; `deploy.restart_policy` is the newer word for `restart`."""
    policy, lifecycle = service.deploy.restart_policy, service.lifecycle
    if policy is None:
        return _restart_until_its_end(lifecycle) if lifecycle.completes else lifecycle.restart
    attempts = f":{policy.max_attempts}" if policy.max_attempts else ""
    always = f"on-failure{attempts}" if lifecycle.completes else "unless-stopped"
    return {"any": always, "none": "no", "on-failure": f"on-failure{attempts}"}[policy.condition]


def _restart_until_its_end(lifecycle: Lifecycle) -> str:
    """A job is tried until it succeeds; who waits for an end wants to hear of a failure."""
    if lifecycle.restart == "unless-stopped":
        return "on-failure" if lifecycle.unattended else "no"
    return lifecycle.restart
