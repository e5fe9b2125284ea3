# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of this collection have in common, written down once."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  docker_socket:
    description: Where the Docker Engine listens.
    type: path
    default: /var/run/docker.sock
  docker_config:
    description: What C(docker login) left on the node. Credential helpers are not asked.
    type: path
    default: ~/.docker/config.json
  registry_logins:
    description:
      - Registries and who pulls from them, as V(user:password). For a registry that is not here,
        O(docker_config) is looked at.
    type: dict
    default: {}
  consul_url:
    description: Where the Consul agent of this node listens. Plain HTTP, on this node.
    type: str
    default: http://127.0.0.1:8500
  consul_config_dir:
    description: The directory that the Consul agent reads its service definitions from.
    type: path
    default: /etc/consul.d
  program_dir:
    description: Where the roles of this collection put C(network) and C(replica-health).
    type: path
    default: /usr/local/lib/orchestrate
  record_dir:
    description: Where the roles of this collection write down what they have set up.
    type: path
    default: /etc/orchestrate
  file_dir:
    description: Where the files of containers lie; must be in memory (tmpfs).
    type: path
    default: /run/orchestrate/files
requirements:
  - Python 3.9 or later on the node
  - Docker Engine 20.10 or later
  - Consul 1.8 or later
author:
  - orchestrate contributors (@orchestrate)
"""
