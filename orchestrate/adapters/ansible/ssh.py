"""The `ssh` command that Ansible itself would run to a host: its user, key, jump hosts, known_hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrate.errors import UnreachableError

_OURS = ("-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "BatchMode=yes")


def ssh_command(host: str, variables: Mapping[str, Any], *arguments: str) -> list[str]:
    """`arguments` go in front of the host, as options of ssh.

    A connection of its own, not a guest on Ansible's shared one: what is forwarded over it must end
    with it. The first value of an option counts for ssh, so ours come first.
    """
    from ansible.errors import AnsibleError  # noqa: PLC0415 - Ansible takes half a second to import
    from ansible.playbook.play_context import PlayContext  # noqa: PLC0415
    from ansible.plugins.loader import connection_loader  # noqa: PLC0415

    kind = str(variables.get("ansible_connection", "ssh"))
    if kind not in {"ssh", "smart"}:
        raise UnreachableError(
            f"{host} is reached by ansible_connection={kind}, through which Consul cannot be: "
            "set consul_address in orchestrate.yml"
        )
    connection = connection_loader.get("ssh", PlayContext())
    try:
        connection.set_options(var_options={"inventory_hostname": host, **variables})
        address = connection.get_option("host") or host
        command = connection._build_command("ssh", "ssh")  # noqa: SLF001 - nothing public says it
    except AnsibleError as error:
        raise UnreachableError(f"{host}: {error}") from error
    program, *options = [word.decode() for word in command]
    return [program, *_OURS, *arguments, *options, str(address)]
