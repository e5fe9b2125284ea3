"""Keys of a service that are not supported, and what to do instead."""

from __future__ import annotations

_WINDOWS = "it is for Windows: remove it"
_RESOLVERS = (
    "a container asks the agent of its node, so that services find each other: let the node itself "
    "ask these servers (what is no service is asked there), and remove it"
)
_NAMES = "services find each other by name: remove it"
_HOOKS = "make it part of the image's entrypoint"

SERVICE_KEYS = {
    "cpu_count": _WINDOWS,
    "cpu_percent": _WINDOWS,
    "credential_spec": _WINDOWS,
    "develop": "it is for building on one machine: remove it",
    "dns": _RESOLVERS,
    "external_links": _NAMES,
    "isolation": _WINDOWS,
    "models": "run the model as a service of its own, and give its address by environment",
    "pre_start": _HOOKS,
    "provider": "what runs outside of containers is a matter for a play: remove it",
    "pull_refresh_after": "write 'pull_policy: always', and deploy as often as that",
    "use_api_socket": 'bind "/var/run/docker.sock" under "volumes"',
    "volumes_from": 'name the volume under "volumes" of both services',
}
