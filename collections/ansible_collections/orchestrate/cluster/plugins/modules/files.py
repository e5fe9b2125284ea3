# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module call puts several files in place."""

from __future__ import annotations

DOCUMENTATION = r"""
module: files
short_description: Put several small files in place
version_added: 0.1.0
description:
  - Writes each file that is not as it should be, whole, so that nobody reads half of it. Directories that
    are missing are made.
  - To copy them takes several calls to the host for each file; this takes one for all.
options:
  files:
    description: The files.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: Where the file is.
        type: path
        required: true
      content:
        description: Its whole text.
        type: str
        required: true
      mode:
        description: Its permissions, in octal.
        type: str
        default: "0644"
attributes:
  check_mode:
    description: Tells what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows each file before and after.
    support: full
"""

EXAMPLES = r"""
- name: Install a program and its unit
  orchestrate.cluster.files:
    files:
      - path: /usr/local/lib/site/tidy
        content: "{{ lookup('ansible.builtin.file', 'tidy', rstrip=false) }}"
        mode: "0755"
      - path: /etc/systemd/system/tidy.service
        content: "{{ lookup('ansible.builtin.file', 'tidy.service', rstrip=false) }}"
"""

RETURN = r"""
written:
  description: The paths of the files that were written, or would be.
  returned: success
  type: list
  elements: str
  sample: [/etc/systemd/system/tidy.service]
"""

import os
import stat

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.orchestrate.cluster.plugins.module_utils._ending import end_at_once
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._written import (
    make_directory_of,
    text_at,
    write_whole,
)

_FILE = {
    "path": {"type": "path", "required": True},
    "content": {"type": "str", "required": True},
    "mode": {"type": "str", "default": "0644"},
}
_ARGUMENTS = {
    "files": {"type": "list", "elements": "dict", "required": True, "options": _FILE},
}


def main() -> None:
    end_at_once()
    module = AnsibleModule(argument_spec=_ARGUMENTS, supports_check_mode=True)
    try:
        module.exit_json(**_perform(module))
    except ActionError as error:
        module.fail_json(msg=str(error))


def _perform(module: AnsibleModule) -> dict:
    found = [file for file in module.params["files"] if not _is_there(file)]
    differences = [_difference(file) for file in found]
    for file in found if not module.check_mode else ():
        _write(file)
    written = [file["path"] for file in found]
    return {"changed": bool(written), "written": written, "diff": differences}


def _is_there(file: dict) -> bool:
    try:
        mode = stat.S_IMODE(os.lstat(file["path"]).st_mode)
    except OSError:
        return False
    return mode == _mode(file) and text_at(file["path"]) == file["content"]


def _write(file: dict) -> None:
    make_directory_of(file["path"])
    write_whole(file["path"], file["content"], _mode(file))


def _mode(file: dict) -> int:
    try:
        return int(file["mode"], 8)
    except ValueError as error:
        message = (
            f"{file['path']}: mode: expected an octal number such as 0644, got {file['mode']!r}"
        )
        raise ActionError(message) from error


def _difference(file: dict) -> dict:
    return {
        "before_header": file["path"],
        "after_header": file["path"],
        "before": text_at(file["path"]) or "",
        "after": file["content"],
    }


if __name__ == "__main__":
    main()
