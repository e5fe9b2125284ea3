"""The keys of `orchestrate.yml`."""

from __future__ import annotations

import posixpath
import re
from typing import get_args

from orchestrate.model.settings import Strategy
from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import parse_decimal
from orchestrate.spec.rules.capacity import read_promise
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.kinds import Forms, ListOf, Named, OrNull, Scalar, Section
from orchestrate.spec.rules.scalars import BOOLEAN, TEXT, matching, one_of, parse_port, parse_whole

PLAYBOOKS = "playbooks"
"""The notes of paths that are to be there."""
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]+))?/?")
_ENOUGH_FOR_ALL = 1


def _parse_share(text: str) -> float | None:
    share = parse_decimal(text.removesuffix("%"))
    if share is not None and (share > _ENOUGH_FOR_ALL or text.endswith("%")):
        raise ValueError('half of the nodes is "0.5"')
    return share


def _parse_address(text: str) -> str | None:
    parts = _ADDRESS.fullmatch(text)
    return text if parts and (parts[1] is None or parse_port(parts[1])) else None


def _read_playbook(spot: Cursor) -> Plain:
    """Absolute: the path begins where the settings are."""
    path = posixpath.normpath(posixpath.join(spot.examination.directory, str(spot.content)))
    spot.note(PLAYBOOKS, path)
    return path


def _check_ceiling(spot: Cursor, _: Plain) -> None:
    keys = dict(spot.entries())
    if "add_node" in keys and "max_nodes" not in keys:
        keys["add_node"].refuse('needs "max_nodes": say how many nodes there may be')


_PATTERN = Scalar("a host pattern", lambda text: text)
_PLAYBOOK = Forms("the path of a playbook", text=_read_playbook)
_SECONDS = Scalar("a number of seconds, 0 or more", parse_decimal)
_WAIT = Scalar("a number of seconds above 0", lambda text: parse_decimal(text) or None)

ADD_NODE = Section(
    keys={
        "playbook": _PLAYBOOK,
        "capacity": read_promise,
        "labels": OrNull(Named(TEXT, TEXT)),
        "groups": OrNull(ListOf(TEXT)),
    },
    required={
        "playbook": "name the one that makes nodes",
        "capacity": "say what a new node will have, such as {memory: 4g, cpus: 2}",
    },
)

SETTINGS = Section(
    keys={
        "nodes": matching("a host pattern", r".*\S.*"),
        "standby": _PATTERN,
        "consul_servers": _PATTERN,
        "proxies": _PATTERN,
        "consul_address": Scalar('an address such as "http://10.0.0.1:8500"', _parse_address),
        "lost_after": _SECONDS,
        "max_unknown_share": Scalar("a number from 0 to 1", _parse_share),
        "rebalance": BOOLEAN,
        "count_foreign": BOOLEAN,
        "strategy": one_of(*get_args(Strategy)),
        "max_nodes": Scalar("a whole number of 1 or more", lambda text: parse_whole(text) or None),
        "add_node": ADD_NODE,
        "remove_node": _PLAYBOOK,
        "add_again_after": _SECONDS,
        "give_back_after": _SECONDS,
        "start_deadline": _WAIT,
    },
    checks=(_check_ceiling,),
    may_be_empty=True,
)
