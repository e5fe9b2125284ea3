# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call tells a node who may reach the replicas on it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network_policy
short_description: Say who may reach the replicas of a node
version_added: 0.1.0
description:
  - Replaces the node's record of networks and members by this one, and has the program of the role
    C(network) enforce it in one step. The same is done again at each boot, before the engine starts.
  - A replica accepts what begins at a node of the cluster or at a member of a network that it is in.
extends_documentation_fragment:
  - orchestrate.cluster.node
options:
  networks:
    description:
      - Name of each network that a replica of this node is in, and the addresses of its members on all
        nodes.
    type: dict
    required: true
  confined:
    description: Addresses of this node that may not leave the cluster.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    description: Tells what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows the record before and after.
    support: full
seealso:
  - module: orchestrate.cluster.replicas
"""

EXAMPLES = r"""
- name: Let the web server and the database of two nodes reach each other
  orchestrate.cluster.network_policy:
    networks:
      shop_default: [10.210.1.2, 10.210.2.2]
"""

RETURN = r"""
policy:
  description: What the node enforces.
  returned: success
  type: dict
  sample: {networks: {shop_default: [10.210.1.2, 10.210.2.2]}, confined: []}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import ARGUMENTS, Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._policy import (
    enforce,
    policy_of,
    recorded,
    text_of,
)


def main() -> None:
    end_at_once()
    networks = {"type": "dict", "required": True}
    confined = {"type": "list", "elements": "str", "default": []}
    module = AnsibleModule(
        argument_spec={"networks": networks, "confined": confined, **ARGUMENTS},
        supports_check_mode=True,
    )
    try:
        module.exit_json(**_perform(module))
    except ActionError as error:
        module.fail_json(msg=str(error))


def _perform(module: AnsibleModule) -> dict:
    policy = policy_of(module.params["networks"], module.params["confined"])
    node = Node(module.params)
    before = recorded(node)
    mended = [] if module.check_mode else enforce(policy, node)
    return {
        "changed": before != policy or bool(mended),
        "policy": policy,
        "diff": {"before": text_of(before), "after": text_of(policy)},
    }


if __name__ == "__main__":
    main()
