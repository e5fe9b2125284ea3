"""The connection variables of a host, kept for the time when the inventory no longer has it.

It is kept where every controller can read it. So nothing of it may be secret: only variables of this list are
taken, and none that comes from a vault, by itself or by what it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from orchestrate.adapters.ansible.tags import untagged
from orchestrate.adapters.ansible.vault import without_vaulted

_WAY = frozenset(
    f"ansible_{name}"
    for name in (
        *("host", "port", "user", "connection", "python_interpreter", "remote_tmp"),
        *("ssh_host", "ssh_port", "ssh_user", "ssh_executable", "ssh_transfer_method"),
        *("ssh_private_key_file", "private_key_file", "host_key_checking"),
        *("ssh_args", "ssh_common_args", "ssh_extra_args", "ssh_pipelining", "pipelining"),
        *("become", "become_method", "become_user", "become_exe", "become_flags"),
    )
)
_SECRET = re.compile(r"sshpass|://[^/\s@]*:[^/\s@]*@")
"""How a password stands on a command line, in the options of ssh, say."""


def way_to(
    variables: Mapping[str, Any], raw: Mapping[str, Any], vaulted_names: AbstractSet[str]
) -> Mapping[str, Any]:
    """`variables` are the host's, templated, `raw` the same as they stand in the inventory."""
    found = {
        name: _plain(value)
        for name, value in variables.items()
        if name in _WAY and not _SECRET.search(str(value))
    }
    if without_vaulted({name: raw[name] for name in found}, vaulted_names) == found:
        return found  # as for most hosts: there is nothing to be opened or filled in
    own = {name: value for name, value in raw.items() if name != "groups"}
    unvaulted = without_vaulted(own, vaulted_names)
    return {name: value for name, value in found.items() if _is_open(name, value, unvaulted)}


def _is_open(name: str, value: object, unvaulted: Mapping[str, Any]) -> bool:
    """True if the variable has the same value while every vault is closed."""
    from ansible.errors import AnsibleError  # noqa: PLC0415 - Ansible takes half a second to import
    from ansible.parsing.dataloader import DataLoader  # noqa: PLC0415
    from ansible.template import Templar  # noqa: PLC0415

    if name not in unvaulted:
        return False
    try:
        closed = Templar(loader=DataLoader(), variables=unvaulted).template(unvaulted[name])
    except AnsibleError:
        return False
    return bool(_plain(closed) == value)


def _plain(value: object) -> str | int | bool:
    """Strip Ansible's tags."""
    if isinstance(value, bool):
        return bool(value)
    return int(value) if isinstance(value, int) else untagged(value)
