"""The `ssh` commands that Ansible itself would run to a host: its user, key, jump hosts, known_hosts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrate.adapters.ansible.environment import ansible_environment
from orchestrate.errors import UnreachableError

_OWN = ("-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "BatchMode=yes")
_SHARED = ("-T", "-o", "BatchMode=yes")
_AT_TERMINAL = ("-t", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR")
_SSH = frozenset({"ssh", "smart"})
_SECRETS = ("password", "private_key", "private_key_passphrase")
"""Options of Ansible's connection that it gives to ssh by ways of its own."""


def ssh_command(host: str, variables: Mapping[str, Any], *arguments: str) -> list[str]:
    """`arguments` go in front of the host, as options of ssh.

    A connection of its own, not a guest on Ansible's shared one: what is forwarded over it must end
    with it. The first value of an option counts for ssh, so ours come first.
    """
    from ansible.errors import AnsibleError  # noqa: PLC0415 - Ansible takes half a second to import

    kind = _kind(variables)
    if kind not in _SSH:
        raise UnreachableError(
            f"{host} is reached by ansible_connection={kind}, through which Consul cannot be: "
            "set consul_address in orchestrate.yml"
        )
    try:
        return _command(_connection(host, variables), host, (*_OWN, *arguments))
    except AnsibleError as error:
        raise UnreachableError(f"{host}: {error}") from error


def shared_ssh_command(
    host: str, variables: Mapping[str, Any], *, has_terminal: bool = False
) -> list[str] | None:
    """The one of Ansible's shared connection; None where more leads there than an `ssh` command."""
    from ansible.errors import AnsibleError  # noqa: PLC0415 - see ssh_command()

    if _kind(variables) not in _SSH:
        return None
    try:
        connection = _connection(host, variables)
        if any(_is_set(connection, name) for name in _SECRETS):
            return None
        return _command(connection, host, _AT_TERMINAL if has_terminal else _SHARED)
    except AnsibleError:
        return None


def is_here(variables: Mapping[str, Any]) -> bool:
    """True if the host is the machine that this runs on."""
    return _kind(variables) == "local"


def _kind(variables: Mapping[str, Any]) -> str:
    from ansible import constants  # noqa: PLC0415 - see ssh_command()

    kind = str(variables.get("ansible_connection", constants.DEFAULT_TRANSPORT))
    return kind.removeprefix("ansible.builtin.")


def _connection(host: str, variables: Mapping[str, Any]) -> Any:
    from ansible.playbook.play_context import PlayContext  # noqa: PLC0415 - see ssh_command()
    from ansible.plugins.loader import connection_loader  # noqa: PLC0415

    ours = ansible_environment().get("ANSIBLE_SSH_ARGS")
    given = {"ansible_ssh_args": ours} if ours else {}
    connection = connection_loader.get("ssh", PlayContext())
    connection.set_options(var_options={"inventory_hostname": host, **given, **variables})
    return connection


def _is_set(connection: Any, option: str) -> bool:
    """Older versions of Ansible do not know all of them."""
    try:
        return bool(connection.get_option(option))
    except KeyError:
        return False


def _command(connection: Any, host: str, first: Sequence[str]) -> list[str]:
    """Ansible names the socket of a shared connection after `connection.host`, which it sets late."""
    connection.host = str(connection.get_option("host") or host)
    words = connection._build_command(connection.get_option("ssh_executable"), "ssh")  # noqa: SLF001 - nothing public says it
    program, *options = [word.decode() for word in words]
    return [program, *first, *options, connection.host]
