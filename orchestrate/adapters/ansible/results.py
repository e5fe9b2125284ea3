"""The results of tasks, as modules return them.

A module of the collection that takes a list of actions returns a result for each that it tried: its
documentation (RETURN of `orchestrate.cluster.replicas`) is the contract for what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Result = Mapping[str, Any]
_NOTHING_SAID = "failed"
_SYNTAX = re.compile(r"^SyntaxError: .+", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """The result of the action at `index` of the module's `actions`; `detail` is why it failed."""

    index: int
    failed: bool
    detail: str


def action_results(result: Result) -> tuple[ActionResult, ...]:
    """Return the result of each action; none where the module does not take actions."""
    return tuple(
        ActionResult(
            index=entry["index"], failed=bool(entry["failed"]), detail=str(entry["detail"])
        )
        for entry in _entries(result)
        if entry.keys() >= {"index", "failed", "detail"}
    )


def message_of(result: Result) -> str:
    """Return why a task failed; for a loop, why each of its items did."""
    return "\n".join(_of_items(result)) or _text(result)


def _of_items(result: Result) -> Iterator[str]:
    for entry in _entries(result):
        if "ansible_loop_var" in entry and (entry.get("failed") or entry.get("unreachable")):
            item = entry.get("_ansible_item_label", entry.get(entry["ansible_loop_var"], ""))
            yield f"{item}: {_text(entry)}"


def _entries(result: Result) -> Iterator[Result]:
    entries = result.get("results")
    if isinstance(entries, list):
        yield from (entry for entry in entries if isinstance(entry, Mapping))


def _text(result: Result) -> str:
    unread = _SYNTAX.search(str(result.get("module_stderr", "")))
    if unread:
        return (
            f"its Python is too old for Ansible's modules ({unread[0]}): install 3.9 or later, and say "
            f"where it is with ansible_python_interpreter in the inventory"
        )
    said = result.get("msg") or result.get("stderr") or result.get("stdout") or _NOTHING_SAID
    return str(said).strip()
