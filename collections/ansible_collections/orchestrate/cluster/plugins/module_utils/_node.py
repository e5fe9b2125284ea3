# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules talk to on the node that they run on, and where its files are."""

from __future__ import annotations

import os

from ansible_collections.orchestrate.cluster.plugins.module_utils._catalogue import Catalogue
from ansible_collections.orchestrate.cluster.plugins.module_utils._consul import Consul
from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._files import Files
from ansible_collections.orchestrate.cluster.plugins.module_utils._registration import Registrations
from ansible_collections.orchestrate.cluster.plugins.module_utils._registry import Logins

ARGUMENTS = {
    "docker_socket": {"type": "path", "default": "/var/run/docker.sock"},
    "consul_url": {"type": "str", "default": "http://127.0.0.1:8500"},
    "consul_config_dir": {"type": "path", "default": "/etc/consul.d"},
    "program_dir": {"type": "path", "default": "/usr/local/lib/orchestrate"},
    "docker_config": {"type": "path", "default": "~/.docker/config.json"},
    "registry_logins": {"type": "dict", "default": {}, "no_log": True},
    "record_dir": {"type": "path", "default": "/etc/orchestrate"},
    "file_dir": {"type": "path", "default": "/run/orchestrate/files"},
}


class Node:
    def __init__(self, parameters: dict) -> None:
        self.engine = Engine(parameters["docker_socket"])
        self.logins = Logins(parameters["registry_logins"], parameters["docker_config"])
        self.consul = Consul(parameters["consul_url"])
        self.registrations = Registrations(parameters["consul_config_dir"])
        self.catalogue = Catalogue(self.consul, self.registrations)
        self.files = Files(parameters["file_dir"])
        self.program_dir = parameters["program_dir"]
        self._record_dir = parameters["record_dir"]

    @property
    def lock(self) -> str:
        """Where the registrations are, and where nobody but root and Consul can look."""
        return os.path.join(self.registrations.directory, ".replicas.lock")

    def forget_files(self) -> None:
        """Remove the files of containers that are gone; what cannot be done now the next call does."""
        if not self.files.names():
            return
        try:
            self.files.keep(self.engine.containers())
        except (EngineError, UnavailableError):
            return

    def program(self, name: str) -> str:
        return os.path.join(self.program_dir, name)

    def record(self, name: str) -> str:
        return os.path.join(self._record_dir, name)
