"""The port `Observer`: nodes are looked at beside what else goes on, and seldom by a play."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from orchestrate.adapters.ansible.channel import WHILE_LOOKING, Channel
from orchestrate.adapters.ansible.environment import forks
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.look import Look
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.process import Watch, run_plays
from orchestrate.adapters.ansible.run import Run
from orchestrate.errors import RunError, StoppedError
from orchestrate.model.node import Node
from orchestrate.model.observed.node import ObservedNode
from orchestrate.render.observe import OBSERVE_TIMEOUT_S
from orchestrate.render.play import Play


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsibleObserver:
    """`on_look` hears what a look at all nodes saw."""

    inventory: Inventory
    options: AnsibleOptions
    is_cancelled: Callable[[], bool] = lambda: False
    on_look: Callable[[Sequence[ObservedNode]], None] = lambda _: None

    def start(self, images: Sequence[str] = ()) -> Callable[[], tuple[ObservedNode, ...]]:
        look = self._look_at(self.inventory.nodes, images).prepared()
        pool = ThreadPoolExecutor(max_workers=1)
        future = pool.submit(self._shown, look)
        pool.shutdown(wait=False)
        return future.result

    def _shown(self, look: Callable[[], tuple[ObservedNode, ...]]) -> tuple[ObservedNode, ...]:
        nodes = look()
        self.on_look(nodes)
        return nodes

    def ask(self, nodes: Sequence[Node]) -> tuple[ObservedNode, ...]:
        return self._look_at(nodes).prepared()() if nodes else ()

    def _look_at(self, nodes: Sequence[Node], images: Sequence[str] = ()) -> Look:
        return Look(
            inventory=self.inventory,
            channel=Channel(
                at_once=forks(), within_s=OBSERVE_TIMEOUT_S, is_cancelled=self.is_cancelled
            ),
            play=self._played,
            nodes=nodes,
            images=images,
        )

    def _played(self, plays: list[Play]) -> Run:
        """The artifacts are not kept: looks are many."""
        with tempfile.TemporaryDirectory(prefix="orchestrate-") as directory:
            watch = Watch(is_cancelled=self.is_cancelled)
            run = run_plays(plays, self.options, Path(directory), watch)
        if run.was_cancelled:
            raise StoppedError(WHILE_LOOKING)
        if not run.plays and run.failures:
            raise RunError(run.failures[0].message)
        return run
