# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One replica on its way up: what was asked for, what is there, and what was done so far."""

from __future__ import annotations

from typing import Callable

from ansible_collections.orchestrate.cluster.plugins.module_utils._address import address_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._evidence import hide
from ansible_collections.orchestrate.cluster.plugins.module_utils._files import File
from ansible_collections.orchestrate.cluster.plugins.module_utils._registration import definition_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._result import Result, failure_of


class Launch:
    def __init__(self, action: dict) -> None:
        self.action = action
        self.name: str = action["name"]
        self.config: dict = action["config"]
        self.files: list[File] = action["files"]
        self.registration: dict = action["registration"]
        self.container: dict | None = None
        self.was = "absent"
        # What is still to be done to the container: "", create, recreate, start or unpause.
        self.todo = ""
        self.restarts_before = 0
        # How long the wait had lasted when it was first healthy.
        self.healthy_after_s: float | None = None
        self.is_up = False
        self.done: list[str] = []
        self.failure = ""

    def attempt(self, step: Callable[..., None], *arguments: object) -> None:
        """Take the replica one step further, unless it has failed already."""
        if not self.failure:
            self.failure = failure_of(step, self, *arguments)

    def has_completed(self) -> bool:
        """Tell whether it has done what it was started for, where that is to end."""
        state = self.container["State"]
        has_ended_well = state["Status"] == "exited" and state["ExitCode"] == 0
        return has_ended_well and self.action["completes"]

    def definition(self, health_program: str) -> dict:
        address = address_of(self.container or {}, self.config["network"])
        return definition_of(self.registration, address, health_program)

    def _secrets(self) -> list[str]:
        contents = (file.content.decode(errors="replace") for file in self.files)
        lines = (line for content in contents for line in content.splitlines())
        return [*self.config["environment"].values(), *(line.strip() for line in lines)]

    def result(self) -> Result:
        failure = hide(self.failure, self._secrets())
        before, after = (
            f"{self.name}: {self.was}",
            f"{self.name}: {self._goal()} {self.config['image']}",
        )
        return Result("start", self.name, tuple(self.done), before, after, failure)

    def _goal(self) -> str:
        return "completed" if self.action["completes"] else "running"
