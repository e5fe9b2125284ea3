"""What hands do to the containers of a node: `docker run` with everything as it was but for one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.e2e.nodes import Node

_NETWORK = "orchestrate"


def run_again(node: Node, name: str, *changes: str, image: str = "") -> None:
    """Remove the container and run it again under its name, with `changes` among the options."""
    was = node.inspect(name)
    node.run("docker", "rm", "--force", name)
    remounted = any(change.startswith("--mount") for change in changes)
    kept = [one for one in _options(was) if not (remounted and one.startswith("--mount"))]
    options = [*kept, "--name", name, *changes]
    node.run("docker", "run", "--detach", *options, image or was["Config"]["Image"])


def run_beside(node: Node, model: str, name: str, *changes: str) -> None:
    """Run another container like `model`: same labels, same image, an address of the engine's choice."""
    was = node.inspect(model)
    options = [*_options(was, keep_address=False), "--name", name, *changes]
    node.run("docker", "run", "--detach", *options, was["Config"]["Image"])


def _options(was: dict[str, Any], *, keep_address: bool = True) -> Sequence[str]:
    config, host = was["Config"], was["HostConfig"]
    address = was["NetworkSettings"]["Networks"][_NETWORK]["IPAddress"]
    return [
        *_each("--label", [f"{key}={value}" for key, value in config["Labels"].items()]),
        *_each("--env", config["Env"]),
        *_each("--expose", config["ExposedPorts"]),
        *_each("--mount", [_mount(mount) for mount in host.get("Mounts") or ()]),
        *_each("--dns", host["Dns"]),
        *_each("--dns-search", host["DnsSearch"]),
        *_each("--dns-option", host["DnsOptions"]),
        f"--network={_NETWORK}",
        f"--restart={host['RestartPolicy']['Name']}",
        f"--stop-timeout={config['StopTimeout']}",
        f"--memory={host['Memory']}",
        *([f"--ip={address}"] if keep_address else []),
    ]


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [f"{option}={value}" for value in values]


def _mount(mount: dict[str, Any]) -> str:
    return f"type={mount['Type']},source={mount['Source']},target={mount['Target']}"
