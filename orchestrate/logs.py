"""What replicas log, wherever they are. Consul is not asked: it may be what a person is looking into."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestrate.adapters.ansible.logs import Heard, Source, listen
from orchestrate.adapters.ansible.remote_command import remote_python
from orchestrate.app import App
from orchestrate.model.log import LogLine, LogRequest, Unread
from orchestrate.model.observed import Observed
from orchestrate.planner.named import is_whole, named
from orchestrate.planner.sight import Seen

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
Line = LogLine | Unread


def log_lines(app: App, words: Sequence[str], request: LogRequest) -> Iterator[Line]:
    """Of the replicas that the words name: by time, or as they come while they are followed.

    InputError: a word that names none.
    """
    observed = app.link.look()
    found = named(words, observed)
    sources, unread = _sources(app, found)
    yield from (*unread, *(() if is_whole(words, found) else _silent(observed)))
    as_they_come = request.follows or len(found) == 1
    yield from told(listen(sources, request), found, by_time=not as_they_come)


def told(heard: Iterable[Heard], found: Iterable[Seen], *, by_time: bool) -> Iterator[Line]:
    """What was heard of these replicas, each line with its replica and its moment."""
    labels = {(one.node.name, one.container.name): one.label for one in found}
    lines = (_line(one, labels) for one in heard)
    yield from sorted(lines, key=_moment) if by_time else lines


def _sources(app: App, found: Sequence[Seen]) -> tuple[Mapping[str, Source], Sequence[Unread]]:
    names: dict[str, list[str]] = {}
    for one in found:
        names.setdefault(one.node.name, []).append(one.container.name)
    sources, unread = {}, []
    for node, there in sorted(names.items()):
        variables = app.link.inventory.variables(node)
        command = remote_python(node, variables, becomes=app.link.options.become)
        if command:
            sources[node] = Source(command=command, names=there)
        else:
            unread += [Unread(node=node, reason=_by_ansible(node, name)) for name in there]
    return sources, unread


def _by_ansible(node: str, name: str) -> str:
    asked = shlex.quote(f"docker logs {name}")
    return f"only Ansible knows the way to it, with a password, say: `ansible {node} -a {asked}`"


def _silent(observed: Observed) -> Iterator[Unread]:
    for node in observed.nodes:
        if node.node.runs_containers and not node.is_readable:
            what = node.detail if not node.answered else f"its Docker Engine is {node.engine.state}"
            yield Unread(node=node.name, reason=what)


def _line(heard: Heard, labels: Mapping[tuple[str, str], str]) -> Line:
    if not heard.name:
        return Unread(node=heard.node, reason=heard.text)
    at, _, text = heard.text.partition(" ")
    if not _STAMP.fullmatch(at):
        at, text = "", heard.text
    return LogLine(replica=labels[heard.node, heard.name], node=heard.node, at=at, text=text)


def _moment(line: Line) -> tuple[str, str]:
    """In which order lines of the same moment were written, only their replica knows."""
    return (line.at, line.replica) if isinstance(line, LogLine) else ("", "")
