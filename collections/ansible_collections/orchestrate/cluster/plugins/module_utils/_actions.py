# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a list of actions so, in its order, until the first that fails.

Actions of one kind that stand next to each other are done side by side.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Callable, NamedTuple

from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import each
from ansible_collections.orchestrate.cluster.plugins.module_utils._pull import pull
from ansible_collections.orchestrate.cluster.plugins.module_utils._records import (
    deregister,
    register,
    remove_volume,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._result import Result, failure_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._start import (
    foresee_start,
    start_all,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._stop import Stop


class _Plain(NamedTuple):
    """An action of one act: `act` tells what it did, which is nothing when all was so already."""

    act: Callable[..., list[str]]
    before: str
    after: str

    def perform(self, action: dict, node: Node, *, check_mode: bool) -> Result:
        done: list[str] = []
        failure = failure_of(lambda: done.extend(self.act(action, node, check_mode=check_mode)))
        name = action["name"]
        before, after = f"{name}: {self.before}", f"{name}: {self.after}"
        return Result(action["action"], name, tuple(done), before, after, failure)


_PLAIN = {
    "pull": _Plain(pull, "absent", "present"),
    "register": _Plain(register, "not registered", "registered"),
    "deregister": _Plain(deregister, "registered", "not registered"),
    "remove_volume": _Plain(remove_volume, "present", "absent"),
}
_AT_ONCE = {"pull": 4, "stop": 16}


def perform(actions: list[dict], node: Node, *, check_mode: bool) -> list[Result]:
    results: list[Result] = []
    for kind, group in groupby(actions, key=itemgetter("action")):
        if kind == "start" and not check_mode:
            results += start_all(list(group), node)
        else:
            results += each(_single(kind, node, check_mode), group, _AT_ONCE.get(kind, 1))
        if any(result.failure for result in results):
            break
    return results


def _single(kind: str, node: Node, check_mode: bool) -> Callable[[dict], Result]:  # noqa: FBT001 - private
    if kind == "start":
        return partial(foresee_start, node=node)
    if kind == "stop":
        act = Stop.foresee if check_mode else Stop.perform
        return lambda action: act(Stop(action, node))
    return partial(_PLAIN[kind].perform, node=node, check_mode=check_mode)
