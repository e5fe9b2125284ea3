"""`orchestrate.yml`, and what a host's variables say of its room, by the same rules as Compose files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from orchestrate.model.node import NodeResources
from orchestrate.model.node_pool import NewNode
from orchestrate.model.settings import HostPatterns, PoolSettings, Settings
from orchestrate.spec.load import Document, load
from orchestrate.spec.located import Diagnostics, Place, Plain, locate
from orchestrate.spec.rules.capacity import CAPACITY, HOST, RESERVE
from orchestrate.spec.rules.cursor import Cursor, Validation
from orchestrate.spec.rules.settings import PLAYBOOKS, SETTINGS

_IN_SECONDS = {"lost_after", "start_deadline", "add_again_after", "give_back_after"}


def read_settings(document: Document, directory: str, is_file: Callable[[str], bool]) -> Settings:
    """Raise SpecError with all that is wrong. Paths begin at `directory`; `is_file` looks for them."""
    findings = Diagnostics()
    roots = load(document, findings, may_be_empty=True)
    for further in roots[1:]:
        findings.refuse(further.place, "", "is a second document: write one")
    validation = Validation(findings, {}, directory)
    read = Cursor(roots[0], (), validation).read(SETTINGS) if roots else {}
    for cursor, path in validation.notes[PLAYBOOKS]:
        if not is_file(path):
            cursor.refuse(f"{path}: no such file")
    findings.raise_problems()
    return _convert(read)


def _convert(read: Plain) -> Settings:
    values = {f"{key}_s" if key in _IN_SECONDS else key: value for key, value in read.items()}
    if new := read.get("add_node"):
        values["add_node"] = NewNode(**{**new, "groups": frozenset(new.get("groups", ()))})
    hosts, pool = _taken(values, HostPatterns), _taken(values, PoolSettings)
    return Settings(hosts=HostPatterns(**hosts), pool=PoolSettings(**pool), **values)


def _taken(values: dict[str, Any], group: type[HostPatterns | PoolSettings]) -> dict[str, Any]:
    """Take the values of a group out of those of the whole file."""
    return {one.name: values.pop(one.name) for one in fields(group) if one.name in values}


def read_resources(host: str, variables: Mapping[str, Any]) -> NodeResources:
    """Return the host's capacity and reserve: memory in bytes, CPUs in cores, all else counted.

    SpecError names the host, the variable and the key.
    """
    findings = Diagnostics()
    given = {name: variables[name] for name in HOST.keys if variables.get(name)}
    root = locate(given, Place(f"host {host}", 0, 0))
    read = Cursor(root, (), Validation(findings, {})).read(HOST) or {}
    findings.raise_problems()
    return NodeResources(capacity=read.get(CAPACITY, {}), reserve=read.get(RESERVE, {}))
