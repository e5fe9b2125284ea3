# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call gives a proxy its configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
module: proxy_configuration
short_description: Give HAProxy a configuration
version_added: 0.1.0
description:
  - Has HAProxy check the configuration, puts it in place whole, reloads HAProxy if something has
    changed, and records what was written. What HAProxy refuses is not put in place, and HAProxy goes on
    with what it has.
  - The role C(proxy) makes the configuration of routes and ports, and calls this.
options:
  configuration:
    description: The whole text of the configuration.
    type: str
    required: true
  record:
    description:
      - What to record of it. A record that differs from the last one makes HAProxy reload, too.
    type: dict
    required: true
  path:
    description: Where HAProxy reads its configuration.
    type: path
    default: /etc/haproxy/haproxy.cfg
  record_path:
    description: Where the record is.
    type: path
    default: /etc/orchestrate/proxy.json
attributes:
  check_mode:
    description: Tells what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows the configuration before and after.
    support: full
seealso:
  - module: orchestrate.cluster.node_info
"""

EXAMPLES = r"""
- name: Configure the proxy
  orchestrate.cluster.proxy_configuration:
    configuration: "{{ lookup('ansible.builtin.template', 'haproxy.cfg.j2') }}"
    record: {routes: 5f2c}
"""

RETURN = r"""
done:
  description: What was done, or would be, in order; of V(write), V(start), V(reload) and V(record).
  returned: success
  type: list
  elements: str
  sample: [write, reload, record]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._proxy import (
    Place,
    found,
    missing,
    perform,
    wanted,
)

_ARGUMENTS = {
    "configuration": {"type": "str", "required": True},
    "record": {"type": "dict", "required": True},
    "path": {"type": "path", "default": "/etc/haproxy/haproxy.cfg"},
    "record_path": {"type": "path", "default": "/etc/orchestrate/proxy.json"},
}


def main() -> None:
    end_at_once()
    module = AnsibleModule(argument_spec=_ARGUMENTS, supports_check_mode=True)
    try:
        module.exit_json(**_perform(module))
    except ActionError as error:
        module.fail_json(msg=str(error))


def _perform(module: AnsibleModule) -> dict:
    place = Place(module.params["path"], module.params["record_path"])
    before = found(place)
    after = wanted(module.params["configuration"], module.params["record"])
    done = missing(before, after)
    if not module.check_mode:
        perform(done, after, place)
    return {
        "changed": bool(done),
        "done": done,
        "diff": {
            "before_header": place.configuration,
            "after_header": place.configuration,
            "before": before.configuration or "",
            "after": after.configuration,
        },
    }


if __name__ == "__main__":
    main()
