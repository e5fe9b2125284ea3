# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call makes the replicas of one node so: pulls, starts, stops, registrations."""

from __future__ import annotations

DOCUMENTATION = r"""
module: replicas
short_description: Make the replicas of one node so
version_added: 0.1.0
description:
  - Does a list of actions in their order, and stops at the first that fails. Actions of the same kind
    that stand next to each other are done side by side.
  - A replica is a container with a fixed address in the node's network, registered with the Consul agent
    of its node.
  - Only containers that carry the labels C(com.docker.compose.project), C(com.docker.compose.service) and
    C(orchestrate.slot) are ever changed or removed.
  - Doing the same again changes nothing, and finishes what an interrupted run left half done.
extends_documentation_fragment:
  - orchestrate.cluster.actions
  - orchestrate.cluster.node
attributes:
  check_mode:
    description:
      - Tells what would change and changes nothing. Images and networks that are still missing are no
        failure.
    support: full
  diff_mode:
    description:
      - Shows the state of each container, registration, image and volume that changes. No values of
        variables.
    support: full
seealso:
  - module: orchestrate.cluster.node_info
"""

EXAMPLES = r"""
- name: Run a web server and let Consul watch its port
  orchestrate.cluster.replicas:
    actions:
      - action: pull
        image: registry.lab:5000/httpd:1
      - action: start
        name: shop-web-1-3fa9c1
        config:
          image: registry.lab:5000/httpd:1
          labels:
            com.docker.compose.project: shop
            com.docker.compose.service: web
            orchestrate.slot: "1"
        registration:
          id: shop-web-1-3fa9c1
          service: shop--web
          port: 80
          meta: {project: shop, service: web, slot: "1", revision: 3fa9c1}
          check:
            kind: tcp

- name: Run a database with its password in /run/secrets/password
  orchestrate.cluster.replicas:
    actions:
      - action: start
        name: shop-db-1-9c01d2
        config:
          image: registry.lab:5000/db:1
          labels:
            com.docker.compose.project: shop
            com.docker.compose.service: db
            orchestrate.slot: "1"
        files:
          - target: /run/secrets/password
            source: {variable: vaulted_db_password}
            mode: "0400"
        registration:
          id: shop-db-1-9c01d2
          service: shop--db
          meta: {project: shop, service: db, slot: "1", revision: 9c01d2}
          check:
            kind: none

- name: Let its last requests end, then take it away
  orchestrate.cluster.replicas:
    actions:
      - action: stop
        name: shop-web-1-3fa9c1
        drain_timeout_s: 20
"""

RETURN = r"""
results:
  description:
    - The result of each action that was tried, in their order. Where one has failed, the actions after it
      have none.
    - An empty list where nothing was tried, as the arguments are wrong or another call goes on for too long.
  returned: always
  type: list
  elements: dict
  contains:
    index:
      description: The position of the action in O(actions), from 0.
      type: int
      sample: 1
    action:
      description: The kind of action.
      type: str
      sample: start
    name:
      description: What it was done to.
      type: str
      sample: shop-web-1-3fa9c1
    changed:
      description: Whether it changed something.
      type: bool
    failed:
      description: Whether it failed.
      type: bool
    detail:
      description: What was done, or why it failed.
      type: str
      sample: created, started, registered
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._actions import perform
from ansible_collections.orchestrate.cluster.plugins.module_utils._arguments import ACTIONS
from ansible_collections.orchestrate.cluster.plugins.module_utils._complete import completed
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._lock import sole_worker
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import ARGUMENTS, Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._result import Result


def main() -> None:
    end_at_once()
    # no_log keeps the arguments out of the node's journal: they hold the containers' environment.
    module = AnsibleModule(
        argument_spec={"actions": ACTIONS, **ARGUMENTS},
        supports_check_mode=True,
        no_log=True,
    )
    try:
        results = _perform(module)
    except ActionError as error:
        module.fail_json(msg=str(error), **_answer([]))
    failures = [result.failure for result in results if result.failure]
    if failures:
        module.fail_json(msg="\n".join(failures), **_answer(results))
    module.exit_json(**_answer(results))


def _perform(module: AnsibleModule) -> list[Result]:
    actions = completed(module.params["actions"])
    node = Node(module.params)
    if module.check_mode:
        return perform(actions, node, check_mode=True)
    with sole_worker(node.lock):
        results = perform(actions, node, check_mode=False)
        node.forget_files()
        return results


def _answer(results: list[Result]) -> dict:
    changes = [result for result in results if result.done]
    return {
        "changed": bool(changes),
        "results": [result.report(index) for index, result in enumerate(results)],
        "diff": {
            "before": "".join(f"{result.before}\n" for result in changes),
            "after": "".join(f"{result.after}\n" for result in changes),
        },
        # Ansible would repeat the arguments here, and with them the containers' environment.
        "invocation": {"module_args": {"actions": [f"{r.action} {r.name}" for r in results]}},
    }


if __name__ == "__main__":
    main()
