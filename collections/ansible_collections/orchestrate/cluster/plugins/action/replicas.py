# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The half of `replicas` that runs on the controller: it reads what the files of containers hold.

The task names only where each content comes from. What is read goes to the module over the connection's
standard input and is in no argument, result or artifact.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.orchestrate.cluster.plugins.module_utils._result import Result
from ansible_collections.orchestrate.cluster.plugins.plugin_utils.contents import (
    KINDS,
    read_content,
)


class ActionModule(ActionBase):
    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        actions = arguments.get("actions")
        if isinstance(actions, list) and any(_files(action) for action in actions):
            self._require_pipelining()
            tried = [self._filled(action) for action in actions]
            if any(isinstance(answer, Result) for answer in tried):
                return {**result, **_failure(tried)}
            arguments["actions"] = tried
        result.update(self._execute_module(module_args=arguments, task_vars=task_vars))
        return result

    def _require_pipelining(self) -> None:
        """Without it the arguments would pass through a file on the node's disk."""
        self._connection.set_option("pipelining", value=True)
        if not self._connection.is_pipelining_enabled():
            raise AnsibleActionFail(
                "files for containers go to a node by pipelining only, and it is off here: "
                "do not set ANSIBLE_KEEP_REMOTE_FILES or a terminal for ssh"
            )

    def _filled(self, action: Any) -> Any:
        """Return the action with the contents of its files, or its result where one cannot be read."""
        if not _files(action):
            return action
        try:
            return {**action, "files": [self._read(action, file) for file in action["files"]]}
        except AnsibleError as error:
            return Result("start", str(action.get("name")), (), "", "", str(error))

    def _read(self, action: Mapping[str, Any], file: Any) -> dict[str, Any]:
        place = f"replica {action.get('name')}: {file.get('target')}"
        source = file.get("source")
        if not isinstance(source, Mapping) or len(source) != 1 or not source.keys() <= set(KINDS):
            raise AnsibleActionFail(f"{place}: its source is one of {', '.join(KINDS)}")
        try:
            content = read_content(source, self._templar, self._loader)
        except AnsibleError as error:
            raise AnsibleActionFail(f"{place}: {error}") from None
        rest = {key: value for key, value in file.items() if key != "source"}
        return {**rest, "content": b64encode(content).decode()}


def _failure(tried: list[Any]) -> dict[str, Any]:
    """Return what the module would: nothing on the node has been tried."""
    failed = {index: one for index, one in enumerate(tried) if isinstance(one, Result)}
    return {
        "failed": True,
        "changed": False,
        "msg": "\n".join(one.failure for one in failed.values()),
        "results": [one.report(index) for index, one in failed.items()],
    }


def _files(action: Any) -> list[Mapping[str, Any]]:
    files = action.get("files") if isinstance(action, Mapping) else None
    return [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
