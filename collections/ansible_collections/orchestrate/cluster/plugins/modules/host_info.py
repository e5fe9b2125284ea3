# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call tells what a host has of what makes it a node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Tell what a host has of what the roles of this collection put there
version_added: 0.1.0
description:
  - The roles look once, with one call to the host, and then do only what is left to do.
  - A play that runs several of the roles may look for all of them, and hand them the answer as C(network_look)
    and so on.
options: {}
attributes:
  check_mode:
    description: Changes nothing, with or without check mode.
    support: full
  diff_mode:
    description: There is never a difference.
    support: none
seealso:
  - module: orchestrate.cluster.node_info
"""

EXAMPLES = r"""
- name: Look at the host
  orchestrate.cluster.host_info:
  register: looked

- name: Join the network
  ansible.builtin.import_role:
    name: orchestrate.cluster.network
  vars:
    network_look: "{{ looked }}"
"""

RETURN = r"""
host:
  description: The host as it is now.
  returned: success
  type: dict
  contains:
    address:
      description: The host's address where its default route starts; empty without one.
      type: str
      sample: 192.0.2.1
    nameservers:
      description: The resolvers that it asks, those behind a stub of systemd first.
      type: list
      elements: str
      sample: [192.0.2.53]
    commands:
      description: Where C(ip), C(nft) and C(haproxy) are; empty where they are not.
      type: dict
      sample: {ip: /usr/sbin/ip, nft: /usr/sbin/nft, haproxy: ""}
    consul:
      description: Consul's programs that are there, the distribution's and those that came with a checksum.
      type: list
      elements: str
      sample: [/usr/bin/consul]
    sums:
      description: SHA-256 of the files that provisioning writes, by path; empty where one is missing.
      type: dict
    texts:
      description: What is in the records of the network and the proxy, by path.
      type: dict
    daemon:
      description: SHA-256 of each of the Docker daemon's settings, by key; they may hold what is secret.
      type: dict
    directories:
      description: Mode, owner and group of directories, by path.
      type: dict
      sample: {/etc/consul.d: 2750 root consul}
    units:
      description:
        - Whether systemd knows the service (C(installed)), it runs now (C(active)), and will at the next
          boot (C(enabled)).
      type: dict
      sample: {docker: {installed: true, active: true, enabled: true}}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._host import host


def main() -> None:
    end_at_once()
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    try:
        module.exit_json(changed=False, host=host())
    except ActionError as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
