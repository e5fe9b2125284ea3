"""The engine's restart policy of a container."""

from __future__ import annotations

from orchestrate.model.spec import Service


def restart(service: Service) -> str:
    """Return the engine's restart policy; `deploy.restart_policy` is the newer word for `restart`."""
    policy = service.deploy.restart_policy
    if policy is None:
        return _restart_until_its_end(service) if service.completes else service.restart
    attempts = f":{policy.max_attempts}" if policy.max_attempts else ""
    always = f"on-failure{attempts}" if service.completes else "unless-stopped"
    return {"any": always, "none": "no", "on-failure": f"on-failure{attempts}"}[policy.condition]


def _restart_until_its_end(service: Service) -> str:
    """A job is tried until it succeeds; who waits for an end wants to hear of a failure."""
    if service.restart == "unless-stopped":
        return "on-failure" if service.unattended else "no"
    return service.restart
