"""Logs of replicas, wherever they run. Consul is not asked: it may be the very thing that is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestrate.adapters.ansible.logs import Heard, Source, listen
from orchestrate.adapters.ansible.remote_command import BY_ANSIBLE_ALONE, remote_python
from orchestrate.commands.selector import is_whole, names_on, selected
from orchestrate.commands.session import Session
from orchestrate.model.log import LogLine, LogRequest, Unread
from orchestrate.model.observed.cluster import Observed
from orchestrate.planner.snapshot import ObservedReplica

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
Line = LogLine | Unread


def log_lines(session: Session, words: Sequence[str], request: LogRequest) -> Iterator[Line]:
    """Yield the lines of the replicas that the words name, by time, or as they come with `-f`.

    InputError: a word that names none.
    """
    observed = session.look()
    found = selected(words, observed)
    there: dict[str, dict[str, str]] = {}
    for one in found:
        there.setdefault(one.node.name, {})[one.container.name] = one.label
    if request.follows:
        there = {node: {} for node in _may_come_to(words, observed)} | there
    sources, unread = _sources(session, words, there)
    yield from (*unread, *(() if _is_all(words, found, request) else _silent(observed)))
    as_they_come = request.follows or len(found) == 1
    yield from told(listen(sources, request), by_time=not as_they_come)


def told(heard: Iterable[Heard], *, by_time: bool) -> Iterator[Line]:
    """Yield each line with its replica and its time."""
    lines = map(_line, heard)
    yield from sorted(lines, key=_moment) if by_time else lines


def _is_all(words: Sequence[str], found: Sequence[ObservedReplica], request: LogRequest) -> bool:
    return is_whole(words, found) and not request.follows


def _may_come_to(words: Sequence[str], observed: Observed) -> Iterator[str]:
    """The nodes on which somebody may start who is meant."""
    for node in observed.nodes:
        if (
            node.is_readable
            and node.node.runs_containers
            and (not words or names_on(node.name, words))
        ):
            yield node.name


def _sources(
    session: Session, words: Sequence[str], there: Mapping[str, Mapping[str, str]]
) -> tuple[Mapping[str, Source], Sequence[Unread]]:
    sources, unread = {}, []
    for node, replicas in sorted(there.items()):
        variables = session.inventory.variables(node)
        command = remote_python(node, variables, becomes=session.options.become)
        if command:
            names = names_on(node, words)
            sources[node] = Source(command=command, replicas=replicas, words=names)
        else:
            unread.append(Unread(node=node, reason=BY_ANSIBLE_ALONE))
    return sources, unread


def _silent(observed: Observed) -> Iterator[Unread]:
    for node in observed.nodes:
        if node.node.runs_containers and not node.is_readable:
            what = (
                node.answer.detail
                if not node.answered
                else f"its Docker Engine is {node.engine.state}"
            )
            yield Unread(node=node.name, reason=what)


def _line(heard: Heard) -> Line:
    if not heard.replica:
        return Unread(node=heard.node, reason=heard.text)
    at, _, text = heard.text.partition(" ")
    if not _STAMP.fullmatch(at):
        at, text = "", heard.text
    return LogLine(replica=heard.replica, node=heard.node, at=at, text=text)


def _moment(line: Line) -> tuple[str, str]:
    """Sort lines by time, and by replica: only the replica knows the order within the same moment."""
    return (line.at, line.replica) if isinstance(line, LogLine) else ("", "")
