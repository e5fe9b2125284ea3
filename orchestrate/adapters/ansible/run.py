"""The record of one `ansible-playbook` process, made of its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrate.adapters.ansible.results import ActionResult, Result, action_results, message_of

CONTROLLER = "localhost"
"""Ansible's name for the machine that it runs on."""
_TAIL = 20

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailure:
    """A task that ended its `play` on a node; `actions` are the results of those that it tried."""

    node: str
    task: str
    message: str
    play: str = ""
    is_unreachable: bool = False
    actions: tuple[ActionResult, ...] = ()


@dataclass(slots=True, kw_only=True)
class Run:
    """`results` are those of module calls, by (task, host); `plays` the names of those that began.

    Of a failure that the play ignores the result is the `msg`.
    """

    results: dict[tuple[str, str], Result] = field(default_factory=dict)
    failures: list[TaskFailure] = field(default_factory=list)
    plays: list[str] = field(default_factory=list)
    changed: bool = False
    recap: dict[str, int] = field(default_factory=dict)
    """How many tasks changed something, by host; known at the end."""
    status: str = ""
    output: str = ""

    @property
    def play(self) -> str:
        """The play that began last; empty before the first."""
        return self.plays[-1] if self.plays else ""

    @property
    def was_cancelled(self) -> bool:
        return self.status == "canceled"

    def note(self, event: Event) -> None:
        """Take one event of ansible-runner in."""
        data = event.get("event_data", {})
        host, task = str(data.get("host", "")), str(data.get("task", ""))
        match event.get("event"):
            case "playbook_on_play_start":
                self.plays.append(str(data.get("name", "")))
            case "runner_on_ok":
                self.results[task, host] = data.get("res", {})
                self.changed |= bool(data.get("res", {}).get("changed"))
            case "runner_on_failed" if data.get("ignore_errors"):
                self.results[task, host] = {"msg": message_of(data.get("res", {}))}
            case "runner_on_failed" | "runner_on_unreachable" as kind:
                is_unreachable = kind == "runner_on_unreachable"
                self._fail(host, task, data.get("res", {}), is_unreachable=is_unreachable)
            case "playbook_on_stats":
                hosts = data.get("processed", {})
                self.recap = {host: data.get("changed", {}).get(host, 0) for host in hosts}
            case _:
                pass

    def end(self, status: str, output: str, log: str) -> None:
        """Take the end of the process in: ansible-runner's `status`, and what it printed to `log`.

        A process that crashes, is killed or cannot read its playbook fails without naming a host.
        """
        self.status, self.output = status, output
        if status == "successful" or self.was_cancelled or self.failures:
            return
        last = "\n".join(output.strip().splitlines()[-_TAIL:])
        how = "ended early and named no host; run it again" if self.plays else "could not start"
        message = f"ansible-playbook {how}. Its log is {log}, which ends:\n{last}"
        self.failures.append(
            TaskFailure(node=CONTROLLER, task="ansible-playbook", message=message, play=self.play)
        )

    def _fail(self, host: str, task: str, result: Result, *, is_unreachable: bool) -> None:
        self.failures.append(
            TaskFailure(
                node=host,
                task=task,
                message=message_of(result),
                play=self.play,
                is_unreachable=is_unreachable,
                actions=action_results(result),
            )
        )
