# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call sets keys of the Docker daemon's settings."""

from __future__ import annotations

DOCUMENTATION = r"""
module: daemon_settings
short_description: Set keys of the Docker daemon's settings, and leave the others
version_added: 0.1.0
description:
  - Settings may hold a password, of a proxy say. So their values are in no result, no difference and no log,
    neither those that are set nor those that are there.
  - The daemon is not told; reload it, or restart it where a key asks for that.
options:
  settings:
    description: The keys to set, each to its whole value.
    type: dict
    required: true
  path:
    description: Where the settings are. A new file is for root alone; one that is there keeps its permissions.
    type: path
    default: /etc/docker/daemon.json
attributes:
  check_mode:
    description: Tells what would change and changes nothing.
    support: full
  diff_mode:
    description: Names the keys that change, and not their values.
    support: partial
"""

EXAMPLES = r"""
- name: Go out through the proxy
  orchestrate.cluster.daemon_settings:
    settings:
      proxies:
        https-proxy: "http://site:{{ vaulted_password }}@proxy.example:3128"
"""

RETURN = r"""
keys:
  description: The keys that were set, or would be, because their values were others.
  returned: success
  type: list
  elements: str
  sample: [proxies]
"""

import json
import os
import stat

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._daemon import (
    SETTINGS,
    settings_at,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._written import (
    make_directory_of,
    write_whole,
)

_ARGUMENTS = {
    "settings": {"type": "dict", "required": True, "no_log": True},
    "path": {"type": "path", "default": SETTINGS},
}
_OF_ROOT_ALONE = 0o600


def main() -> None:
    end_at_once()
    module = AnsibleModule(argument_spec=_ARGUMENTS, supports_check_mode=True)
    try:
        module.exit_json(**_perform(module))
    except ActionError as error:
        module.fail_json(msg=str(error))


def _perform(module: AnsibleModule) -> dict:
    path, wanted = module.params["path"], module.params["settings"]
    found = settings_at(path)
    keys = sorted(key for key, value in wanted.items() if key not in found or found[key] != value)
    if keys and not module.check_mode:
        _write(path, {**found, **wanted})
    difference = "".join(f"{path}: {key} changes; its value is not shown\n" for key in keys)
    return {"changed": bool(keys), "keys": keys, "diff": {"prepared": difference}}


def _write(path: str, settings: dict) -> None:
    make_directory_of(path)
    write_whole(path, json.dumps(settings, indent=4, sort_keys=True) + "\n", _mode(path))


def _mode(path: str) -> int:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return _OF_ROOT_ALONE


if __name__ == "__main__":
    main()
