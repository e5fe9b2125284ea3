"""The inventory of a lab: an ordinary one, which plain `ansible` reads."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestrate.lab.addresses import CLUSTER_RANGE
from orchestrate.lab.consul_binary import ConsulBinary
from orchestrate.lab.paths import LabFiles
from orchestrate.lab.registry import REGISTRY_ADDRESS
from orchestrate.lab.ssh import ssh_options

_ZONES = "abc"


def describe_lab(nodes: Mapping[str, str], files: LabFiles, consul: ConsulBinary) -> dict[str, Any]:
    """The inventory as data; `nodes` maps names to addresses."""
    variables = {
        "ansible_user": "root",
        "ansible_ssh_private_key_file": str(files.key),
        "ansible_ssh_common_args": shlex.join(ssh_options(files.known_hosts)),
        "ansible_python_interpreter": "/usr/bin/python3",
        "network_range": CLUSTER_RANGE,
        "engine_insecure_registries": [REGISTRY_ADDRESS],
        "consul_source": str(consul.path),
        "consul_checksum": consul.checksum,
    }
    hosts = {
        node: {
            "ansible_host": address,
            "orchestrate_labels": {"zone": _ZONES[position % len(_ZONES)]},
        }
        for position, (node, address) in enumerate(nodes.items())
    }
    return {"all": {"vars": variables, "hosts": hosts}}


def write_inventory(path: Path, inventory: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(inventory, sort_keys=False)
    path.write_text(f"# Written by `orchestrate lab up`; `lab down` removes it.\n{text}")
