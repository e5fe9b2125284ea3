# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ContainerConfig: one shape for the container that is wanted and for the one that is there.

`create_body` makes the engine's request of it, `read_config` reads it back from an inspection. The
two directions of a part stand side by side, so that whoever changes one sees the other. What the
engine adds by itself from the image (environment, labels, command ...) is not taken out again:
`read_image` tells what that is, and who compares lays the one over the other.
"""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils import (
    _attributes,
    _health_probe,
    _mounts,
)

_NANO = 1_000_000_000
_DEFAULT_STOP_GRACE_S = 10


def create_body(config: dict, address: str) -> dict:
    """What `POST /containers/create` wants; null leaves a field to the image."""
    body = {
        "Image": config["image"],
        "Cmd": config["command"],
        "Entrypoint": config["entrypoint"],
        "Env": [f"{name}={value}" for name, value in sorted(config["environment"].items())],
        "Labels": config["labels"],
        "User": config["user"],
        "ExposedPorts": _exposed(config),
        "Healthcheck": _health_probe.to_engine(config["healthcheck"]),
        "StopTimeout": config["stop_grace_s"],
        "HostConfig": _host_config(config),
        # Where engines before 25 look for it; later ones look at the network, and take both if they agree.
        "MacAddress": config.get("mac_address"),
        "NetworkingConfig": _networking(config, address),
        **_attributes.write(config, of_host=False),
    }
    return {name: value for name, value in body.items() if value is not None}


def read_config(inspection: dict, gateway: str) -> dict:
    config, host = inspection["Config"], inspection["HostConfig"]
    return {
        **_read_shared(config),
        "image": config["Image"],
        "mounts": _mounts.read(inspection),
        "ports": _read_ports(host.get("PortBindings")),
        **read_limits(host),
        "stop_grace_s": stop_grace_s(config),
        "restart": _read_restart(host["RestartPolicy"]),
        "network": ",".join(sorted(inspection["NetworkSettings"]["Networks"])),
        **_read_hardware_address(inspection),
        **_read_dns(host, gateway),
        **_attributes.read(config, host),
    }


def read_image(inspection: dict) -> dict:
    """What an image gives to every container that does not say otherwise."""
    config = inspection.get("Config") or {}
    return {**_read_shared(config), "volumes": sorted(config.get("Volumes") or {})}


def stop_grace_s(config: dict) -> int:
    asked = config.get("StopTimeout")
    return _DEFAULT_STOP_GRACE_S if asked is None else asked


def _read_shared(config: dict) -> dict:
    """Read what images and containers both have."""
    return {
        "command": config.get("Cmd") or None,
        "entrypoint": config.get("Entrypoint") or None,
        "environment": dict(_split_variable(text) for text in config.get("Env") or ()),
        "labels": config.get("Labels") or {},
        "user": config.get("User") or "",
        "healthcheck": _health_probe.from_engine(config.get("Healthcheck")),
        "expose": _read_exposed(config.get("ExposedPorts")),
    }


def _split_variable(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _host_config(config: dict) -> dict:
    return {
        "Mounts": [_mounts.write(mount) for mount in config["mounts"]],
        "PortBindings": _bindings(config["ports"]),
        **_limits(config),
        "RestartPolicy": _restart(config["restart"]),
        "NetworkMode": config["network"],
        "Dns": config["dns"],
        "DnsSearch": config["dns_search"],
        "DnsOptions": config["dns_options"],
        **_attributes.write(config, of_host=True),
    }


def _networking(config: dict, address: str) -> dict:
    endpoint = {"IPAMConfig": {"IPv4Address": address}}
    if config.get("mac_address"):
        endpoint["MacAddress"] = config["mac_address"]
    return {"EndpointsConfig": {config["network"]: endpoint}}


def _read_hardware_address(inspection: dict) -> dict:
    """An engine does not tell whether somebody asked for it; nor, of what does not run, anything."""
    endpoints = inspection["NetworkSettings"]["Networks"].values()
    told = (endpoint.get("MacAddress") for endpoint in endpoints)
    found = inspection["Config"].get("MacAddress") or next(filter(None, told), "")
    return {"mac_address": found} if found else {}


def _read_dns(host: dict, gateway: str) -> dict:
    servers = host.get("Dns") or []
    return {
        "dns": [] if servers == [gateway] else servers,
        "dns_search": host.get("DnsSearch") or [],
        "dns_options": host.get("DnsOptions") or [],
    }


def _exposed(config: dict) -> dict:
    """A published port is an exposed one: the engine would publish it and not tell."""
    published = {f"{port['target']}/{port['protocol']}" for port in config["ports"]}
    return {key: {} for key in sorted(published | {f"{port}/tcp" for port in config["expose"]})}


def _read_exposed(ports: dict | None) -> list[int]:
    return sorted(int(key.partition("/")[0]) for key in ports or () if key.endswith("/tcp"))


def _bindings(ports: list[dict]) -> dict[str, list[dict]]:
    bindings: dict[str, list[dict]] = {}
    for port in ports:
        binding = {"HostIp": port["host_ip"], "HostPort": str(port["published"])}
        bindings.setdefault(f"{port['target']}/{port['protocol']}", []).append(binding)
    return bindings


def _read_ports(bindings: dict | None) -> list[dict]:
    seen = [
        {
            "target": int(key.partition("/")[0]),
            "published": _port_number(binding["HostPort"]),
            "protocol": key.partition("/")[2],
            "host_ip": binding["HostIp"],
        }
        for key, of_port in (bindings or {}).items()
        for binding in of_port or ()
    ]
    return sorted(seen, key=lambda p: (p["target"], p["protocol"], p["published"], p["host_ip"]))


def _port_number(text: str) -> int:
    """Zero stands for what the engine chooses: no number, or one out of a range."""
    return int(text) if text.isdigit() else 0


def _limits(config: dict) -> dict:
    return {
        "Memory": config["memory"],
        "MemoryReservation": config["memory_reservation"],
        "NanoCpus": round(config["cpus"] * _NANO),
        "PidsLimit": config["pids"],
    }


def read_limits(host: dict) -> dict:
    return {
        "memory": host.get("Memory") or 0,
        "memory_reservation": host.get("MemoryReservation") or 0,
        "cpus": (host.get("NanoCpus") or 0) / _NANO,
        "pids": max(host.get("PidsLimit") or 0, 0),
    }


def _restart(policy: str) -> dict:
    name, _, attempts = policy.partition(":")
    return {"Name": name, "MaximumRetryCount": int(attempts or 0)}


def _read_restart(policy: dict) -> str:
    name, attempts = policy["Name"] or "no", policy["MaximumRetryCount"]
    return f"{name}:{attempts}" if attempts else name
