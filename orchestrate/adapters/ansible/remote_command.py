"""The command that starts Python on a host as Ansible would, with the rights of `become`.

Through ssh, but for the host that is this machine itself.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from orchestrate.adapters.ansible.environment import ansible_environment
from orchestrate.adapters.ansible.node_program import START
from orchestrate.adapters.ansible.ssh import is_here, shared_ssh_command

_PYTHON = "/usr/bin/python3"
_SHELL = "/bin/sh"
BY_ANSIBLE_ALONE = (
    "it is reached by Ansible alone, with a password, say; this needs a way by ssh with a key, and sudo "
    "without a password"
)


def remote_python(
    host: str,
    variables: Mapping[str, Any],
    arguments: Sequence[str] = ("-c", START),
    *,
    becomes: bool,
    has_terminal: bool = False,
) -> list[str] | None:
    """Return the command that starts Python there, by itself for a program that is sent to it.

    `becomes`: unless the host's variables say otherwise. None: only a play can do it there.
    """
    words = f"{_interpreter(variables)} -IS {shlex.join(arguments)}"
    here = [_SHELL, "-c"] if is_here(variables) else None
    way = here or shared_ssh_command(host, variables, has_terminal=has_terminal)
    entitled = _with_rights(words, variables, becomes)
    return [*way, entitled] if way and entitled else None


def _interpreter(variables: Mapping[str, Any]) -> str:
    """Return the interpreter; where Ansible would have to look for one, the usual one is tried."""
    from ansible import constants  # noqa: PLC0415 - Ansible takes half a second to import

    ours = ansible_environment().get("ANSIBLE_PYTHON_INTERPRETER", constants.INTERPRETER_PYTHON)
    found = str(variables.get("ansible_python_interpreter", ours))
    return shlex.join(shlex.split(found)) if found.startswith("/") else _PYTHON


def _with_rights(words: str, variables: Mapping[str, Any], becomes: bool) -> str | None:  # noqa: FBT001
    """None where somebody asks for a password, or it is not sudo that gives the rights."""
    from ansible import constants  # noqa: PLC0415 - see _interpreter()
    from ansible.module_utils.parsing.convert_bool import boolean  # noqa: PLC0415
    from ansible.plugins.loader import become_loader, get_shell_plugin  # noqa: PLC0415

    wanted = variables.get("ansible_become", becomes or constants.DEFAULT_BECOME)
    if not boolean(wanted, strict=False):
        return f"{_SHELL} -c {shlex.quote(words)}"
    method = str(variables.get("ansible_become_method", constants.DEFAULT_BECOME_METHOD))
    if method.removeprefix("ansible.builtin.") != "sudo":
        return None
    sudo = become_loader.get("sudo")
    sudo.set_options(var_options=variables)
    if sudo.get_option("become_pass"):
        return None
    shell = get_shell_plugin("sh", _SHELL)
    entitled = str(sudo.build_become_command(words, shell))
    return entitled.replace(
        f"{shell.ECHO} {sudo.success} {shell.COMMAND_SEP} ", ""
    )  # nobody waits for that
