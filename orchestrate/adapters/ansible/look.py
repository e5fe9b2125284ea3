"""Looking at nodes: by the channel where it leads to them, else by a play, which is always sufficient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrate.adapters.ansible.answer import observed_node, silent_node
from orchestrate.adapters.ansible.channel import Answer, Channel, Request
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.remote_command import remote_python
from orchestrate.adapters.ansible.run import Run
from orchestrate.model.node import Node
from orchestrate.model.observed.node import ObservedNode
from orchestrate.render.nodes import reach_plays
from orchestrate.render.observe import OBSERVE_TASK, RESOLVING, observe_play
from orchestrate.render.play import Play


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at some nodes. `images` are those that registries are asked about; `play` runs plays."""

    inventory: Inventory
    channel: Channel
    play: Callable[[list[Play]], Run]
    nodes: Sequence[Node]
    images: Sequence[str] = ()

    def prepared(self) -> Callable[[], tuple[ObservedNode, ...]]:
        """Read everything from Ansible now, and return the function that looks."""
        requests = dict(self._requests())
        return lambda: self._at_all(requests)

    def _requests(self) -> Iterator[tuple[str, Request]]:
        for number, node in enumerate(_runners_first(self.nodes)):
            variables = node.way if node.is_leaving else self.inventory.variables(node.name)
            becomes = self.inventory.options.become
            command = remote_python(node.name, variables, becomes=becomes)
            if command:
                images = self.images if number < RESOLVING else ()
                yield node.name, Request(command=command, parameters=self._parameters(node, images))

    def _parameters(self, node: Node, images: Sequence[str]) -> Mapping[str, Any]:
        counted = {"count_foreign": self.inventory.settings.count_foreign}
        if not images:
            return counted
        logins = self.inventory.logins(node.name)
        return {**counted, "resolve": list(images), "registry_logins": logins}

    def _at_all(self, requests: Mapping[str, Request]) -> tuple[ObservedNode, ...]:
        answers = self.channel.ask(requests)
        left = [node for node in self.nodes if not any(answers.get(node.name, Answer()))]
        played = {node.name: node for node in _seen(left, self._played(left))} if left else {}
        return tuple(
            played.get(node.name) or _told(node, answers[node.name]) for node in self.nodes
        )

    def _played(self, nodes: Sequence[Node]) -> Run:
        pattern = ",".join(node.name for node in _runners_first(nodes))
        counts = self.inventory.settings.count_foreign
        leaving = [node for node in nodes if node.is_leaving]
        look = observe_play(pattern, self.images, count_foreign=counts)
        return self.play([*reach_plays(leaving), look])


def _runners_first(nodes: Iterable[Node]) -> list[Node]:
    """The first hosts are those that are asked about images."""
    return sorted(nodes, key=lambda node: not node.runs_containers)


def _seen(nodes: Iterable[Node], run: Run) -> tuple[ObservedNode, ...]:
    """Decode the answers of a run that looked at the nodes."""
    silent = {failure.node: failure.message for failure in run.failures}
    return tuple(_of(node, run, silent) for node in nodes)


def _told(node: Node, answer: Answer) -> ObservedNode:
    if answer.node is None:
        return silent_node(node, answer.silence)
    return observed_node(node, answer.node)


def _of(node: Node, run: Run, silent: Mapping[str, str]) -> ObservedNode:
    result = run.results.get((OBSERVE_TASK, node.name), {})
    if "node" in result:
        return observed_node(node, result["node"])
    said = silent.get(node.name) or str(result.get("msg", ""))
    return silent_node(node, _words_of_ssh(_first_line(said)))


def _words_of_ssh(text: str) -> str:
    """Strip the advice that Ansible puts in front of ssh's own words."""
    return text.rpartition(" can be reached over ssh: ")[2]


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0] if lines else "no answer"
