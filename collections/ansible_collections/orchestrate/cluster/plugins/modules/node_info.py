# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call tells everything that is to be known of a node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_info
short_description: Tell everything that orchestrate has to know of a node
version_added: 0.1.0
description:
  - Reads the Docker Engine, the Consul agent, the network and the proxy of a node, all at once, and
    answers in one piece.
  - What is broken is reported in its own place. The module fails only when it cannot answer at all.
  - Of the containers only those are described that carry the labels C(com.docker.compose.project),
    C(com.docker.compose.service) and C(orchestrate.slot).
extends_documentation_fragment:
  - orchestrate.cluster.node
options:
  network:
    description: The Docker network that the replicas are in.
    type: str
    default: orchestrate
  proxy_config:
    description: The configuration file of HAProxy.
    type: path
    default: /etc/haproxy/haproxy.cfg
  resolve:
    description: Images of which the registries are asked what their tags stand for now.
    type: list
    elements: str
    default: []
  count_foreign:
    description: Whether to tell what containers that are not ours may take of the node.
    type: bool
    default: false
attributes:
  check_mode:
    description: Changes nothing, with or without check mode.
    support: full
  diff_mode:
    description: There is never a difference.
    support: none
seealso:
  - module: orchestrate.cluster.replicas
"""

EXAMPLES = r"""
- name: Look at the node
  orchestrate.cluster.node_info:
  register: seen

- name: Show the containers that are not healthy
  ansible.builtin.debug:
    msg: "{{ seen.node.containers | rejectattr('health', 'in', ['none', 'healthy']) | map(attribute='name') }}"
"""

RETURN = r"""
node:
  description: The node as it is now.
  returned: success
  type: dict
  contains:
    now:
      description: The time on the node's own clock when it answered, in seconds since the epoch.
      type: float
      sample: 1800000000.25
    hostname:
      description: The name that the node gives itself.
      type: str
      sample: n1
    platform:
      description: Operating system (C(os)) and processor (C(arch)), in the words of container images.
      type: dict
      sample: {os: linux, arch: amd64}
    capacity:
      description: Processors that may be used (C(cpus)), and memory in bytes (C(memory)).
      type: dict
      sample: {cpus: 2, memory: 8316452864}
    engine:
      description:
        - The Docker Engine. C(state) is running, stopped or absent; C(detail) says why it does not run,
          C(labels) are those that its daemon was given.
      type: dict
      sample: {state: running, version: 20.10.24, labels: {disk: ssd}, detail: ""}
    containers:
      description:
        - Our containers, by name.
        - C(config) has the keys that O(orchestrate.cluster.replicas#module:actions[].config) has, with
          everything that the engine says, the defaults of the image included. Two things are told
          otherwise than asked for. C(expose) also has the published TCP ports. The C(source) of a volume
          that nobody named is empty.
      type: list
      elements: dict
      contains:
        id: {description: Id of the container., type: str}
        name: {description: Name of the container., type: str}
        image_id: {description: Id of its image., type: str}
        state: {description: "One of running, exited, created, paused, restarting, dead.", type: str}
        exit_code: {description: What its process ended with last., type: int}
        created_at: {description: "When it was made, as the engine says it.", type: str}
        started_at: {description: "When it was started last, as the engine says it.", type: str}
        restart_count: {description: How often the engine started it again., type: int}
        health: {description: "One of none, starting, healthy, unhealthy.", type: str}
        address: {description: Its address in the network., type: str}
        files:
          description: "Path in the container of each file that it was given, with owner, group and mode
            of what is there (V(0:0 0444)), or C(missing)."
          type: dict
        config: {description: How it was made., type: dict}
    images:
      description:
        - What the images of these containers give to every container, by image id.
        - Has C(command), C(entrypoint), C(environment), C(labels), C(user), C(healthcheck), C(expose),
          and C(volumes) (targets only).
      type: dict
    tags:
      description: Every tag and digest by which the engine knows an image.
      type: list
      elements: str
      sample: ["registry.lab:5000/web:1"]
    digests:
      description: What the tags of O(resolve) stand for; images that no registry told of are not here.
      type: dict
      sample: {"registry.lab:5000/web:1": "sha256:9f86d081884c7d65..."}
    volumes:
      description:
        - The volumes that have a name, whosoever they are, each with C(name) and C(labels).
      type: list
      elements: dict
    published:
      description: The ports of the node that running containers publish, whosoever they are.
      type: list
      elements: dict
      sample: [{published: 8080, protocol: tcp, host_ip: ""}]
    addresses:
      description: The addresses of the network that containers hold, running or not, whosoever they are.
      type: list
      elements: str
      sample: [10.210.1.2]
    foreign:
      description:
        - What running containers that are not ours have reserved or, where they have not, are limited to,
          summed up as C(memory) in bytes, C(cpus) and C(pids). Empty without O(count_foreign).
      type: dict
      sample: {memory: 1073741824, cpus: 1.5, pids: 0}
    network:
      description:
        - The network between the nodes. C(state) is ok, drifted or absent. C(policy) is what
          M(orchestrate.cluster.network_policy) was told last, or null when that cannot be read.
          C(peers) are the names of the nodes that it has routes to.
      type: dict
      sample:
        state: ok
        problems: []
        subnet: 10.210.1.0/24
        gateway: 10.210.1.1
        peers: [n2, n3]
        policy: {networks: {shop_default: [10.210.1.2]}, confined: []}
    consul:
      description:
        - The Consul agent. C(state) is running, stopped or absent, C(leader) the address of the leader
          or empty.
        - C(services) are those that orchestrate registered, each with C(id), C(service), C(address),
          C(port), C(meta), C(status) (passing, warning, critical or maintenance), C(output) of the check
          that is worst, and C(file), which is false when the agent would forget the service at its next
          start.
      type: dict
      sample: {state: running, leader: "192.0.2.1:8300", services: []}
    proxy:
      description:
        - The proxy. C(state) is running, stopped or absent, C(routes) the hash of the routes it was set
          up with, C(bind) where it answers requests.
        - On a proxy, C(listening) is where others than HAProxy listen for TCP connections, and
          C(addresses) has those of the host.
      type: dict
      sample:
        state: running
        routes: 5f2c
        problems: []
        bind: {address: "*", port: 80}
        listening: [{address: 0.0.0.0, port: 22}]
        addresses: [127.0.0.1, 192.0.2.1]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._observe import ARGUMENTS, observe


def main() -> None:
    end_at_once()
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        module.exit_json(changed=False, node=observe(module.params))
    except ActionError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
