"""The rules for a container's privileges on its node, and for the parts of the node that it shares."""

from __future__ import annotations

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor, Rule
from orchestrate.spec.rules.devices import DEVICES, GPUS
from orchestrate.spec.rules.kinds import Finished, Forms, ListOf, Named, Scalar, Section
from orchestrate.spec.rules.pairs import ANNOTATIONS, OPTIONS, Pairs
from orchestrate.spec.rules.scalars import BOOLEAN, matching, one_of, whole_between

_ALONE = "another container is not always on the same node"
_PROFILES = "the file of a profile is not read: use the engine's own, or a daemon-wide profile"
_PATHS = "only the Docker command knows it, and not the engines of the nodes: use privileged"
_LARGEST = (1 << 53) - 1


def _parse_capability(text: str) -> str | None:
    name = text.upper().removeprefix("CAP_")
    return name if name.replace("_", "").isalpha() and name.isascii() else None


def _parse_security_option(text: str) -> str | None:
    if text.startswith(("seccomp=", "seccomp:")) and text[8:] not in {"unconfined", "builtin"}:
        raise ValueError(_PROFILES)
    if text.startswith(("systempaths=", "systempaths:")):
        raise ValueError(_PATHS)
    return text or None


def _read_one_limit(spot: Cursor) -> Plain:
    limit = spot.read(_LIMIT)
    return None if limit is None else {"soft": limit, "hard": limit}


def _check_soft(spot: Cursor, limit: Plain) -> None:
    soft, hard = limit.get("soft", 0), limit.get("hard", -1)
    if hard != -1 and not 0 <= soft <= hard:
        spot.refuse(f"the soft limit ({soft}) is above the hard one ({hard})")


def _require_value(spot: Cursor, _: str) -> None:
    spot.refuse("has no value: give one")


_CAPABILITIES = Finished(
    ListOf(Scalar('a capability such as "NET_ADMIN"', _parse_capability)),
    lambda names: sorted(set(names)),
)
_LIMIT = whole_between(-1, _LARGEST, "a limit of 0 or more, or -1 for none")
_ULIMIT = Forms(
    "a limit, or a mapping of soft and hard",
    text=_read_one_limit,
    mapping=Section(
        {"soft": _LIMIT, "hard": _LIMIT},
        required={"soft": "give both", "hard": "give both"},
        checks=(_check_soft,),
    ),
)

PRIVILEGES: dict[str, Rule] = {
    "privileged": BOOLEAN,
    "cap_add": _CAPABILITIES,
    "cap_drop": _CAPABILITIES,
    "security_opt": ListOf(Scalar('an option such as "label:disable"', _parse_security_option)),
    "devices": DEVICES,
    "device_cgroup_rules": ListOf(
        matching('a rule such as "c 1:3 mr"', r"[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}")
    ),
    "gpus": GPUS,
    "sysctls": Pairs(
        matching('a kernel parameter such as "net.core.somaxconn"', r"[a-z0-9_./-]+"),
        _require_value,
    ),
    "ulimits": Named(matching('the name of a limit such as "nofile"', r"[a-z]+"), _ULIMIT),
    "pid": one_of("host", advice=_ALONE),
    "ipc": one_of("none", "private", "shareable", "host", advice=_ALONE),
    "uts": one_of("host"),
    "cgroup": one_of("host", "private"),
    "userns_mode": one_of("host"),
    "cgroup_parent": matching("the name of a control group", r"[A-Za-z0-9_./@:-]+"),
    "runtime": matching('the name of a runtime such as "runc"', r"[A-Za-z0-9_.-]+"),
    "read_only": BOOLEAN,
    "storage_opt": OPTIONS,
    "annotations": ANNOTATIONS,
}
