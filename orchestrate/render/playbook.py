"""Plays -> the text of a playbook.

Whatever comes from a Compose file, a node or Consul is data. Ansible would take text with braces in it
for a template; such text is tagged `!unsafe`, which makes Ansible take it as it is. Our own templates,
few and fixed, are the only ones left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from orchestrate.render.nodes import REACH
from orchestrate.render.play import Play
from orchestrate.render.plays import OWN_TEMPLATES

_MARKS = ("{{", "{%", "{#", "#jinja2:")
_TEXT = "tag:yaml.org,2002:str"
_HEADER = """\
# Written by `orchestrate`; run it with: ansible-playbook -i INVENTORY {name}
# Its collection must be found: ANSIBLE_COLLECTIONS_PATH={collections}
"""


class _Unsafe(str):
    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key, as people write them; nothing is ever an alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _represent_unsafe(dumper: yaml.SafeDumper, data: _Unsafe) -> yaml.ScalarNode:
    return dumper.represent_scalar("!unsafe", str(data), style='"')


def _represent_text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    """Quote text that is not printable: only double quotes keep each character, even Unicode line ends."""
    return dumper.represent_scalar(_TEXT, data, style=None if data.isprintable() else '"')


_Dumper.add_representer(_Unsafe, _represent_unsafe)
_Dumper.add_representer(str, _represent_text)


def playbook(
    plays: Sequence[Play], name: str = "plan.yml", collections: str = "collections"
) -> str:
    """The file, ready to run. `collections` is where its reader finds `orchestrate.cluster`."""
    tagged = [
        {**play, "name": _as_data(play["name"]), "vars": _tagged(play.get("vars", {}))}
        for play in map(_with_data, plays)
    ]
    text = yaml.dump(tagged, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True)
    return _HEADER.format(name=name, collections=collections) + "---\n" + text


def _tagged(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if value in OWN_TEMPLATES else _as_data(value)
        for name, value in variables.items()
    }


def _with_data(play: Play) -> Play:
    """Return the play with the arguments of REACH as the data that they are."""
    tasks = [
        {**task, REACH: _as_data(task[REACH])} if REACH in task else task
        for task in play.get("tasks", ())
    ]
    return {**play, "tasks": tasks} if tasks else play


def _as_data(value: Any) -> Any:
    match value:
        case str():
            return _Unsafe(value) if any(mark in value for mark in _MARKS) else value
        case Mapping():
            return {_as_data(key): _as_data(part) for key, part in value.items()}
        case list() | tuple():
            return [_as_data(part) for part in value]
        case _:
            return value
