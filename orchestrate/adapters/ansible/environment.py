"""The environment that `ansible-playbook` runs in: our defaults for speed, under the user's own settings.

A variable of the environment would win over ansible.cfg; so a default of ours is left out where either
of them says something.
"""

from __future__ import annotations

import configparser
import locale
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from orchestrate.adapters import shipped

_SSH_ARGUMENTS = (
    "-C -o ControlMaster=auto -o ControlPersist=60s "  # as Ansible's own default
    "-o ServerAliveInterval=5 -o ServerAliveCountMax=2"  # a frozen node must not hold a cycle
)
_DEFAULTS: Mapping[str, tuple[str, str, str]] = {
    "ANSIBLE_PIPELINING": ("connection", "pipelining", "true"),
    "ANSIBLE_FORKS": ("defaults", "forks", "20"),
    "ANSIBLE_PYTHON_INTERPRETER": ("defaults", "interpreter_python", "/usr/bin/python3"),
    "ANSIBLE_SSH_ARGS": (
        "ssh_connection",
        "ssh_args",
        _SSH_ARGUMENTS,
    ),
    "ANSIBLE_HOST_PATTERN_MISMATCH": ("inventory", "host_pattern_mismatch", "ignore"),
    "ANSIBLE_LOCALHOST_WARNING": ("defaults", "localhost_warning", "false"),
    "ANSIBLE_DEPRECATION_WARNINGS": ("defaults", "deprecation_warnings", "false"),
    "ANSIBLE_RETRY_FILES_ENABLED": ("defaults", "retry_files_enabled", "false"),
    "ANSIBLE_NOCOLOR": ("defaults", "nocolor", "true"),  # it writes to a file, or through us
}
"""Variable -> section and key of ansible.cfg, and our value."""
_ALSO = {"pipelining": "ssh_connection"}


def ansible_environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables to add to the environment `given`.

    `ansible-playbook` is the one of our own Python, whether or not its environment is activated.
    """
    own = _own_settings(given)
    found = {
        name: value
        for name, (section, key, value) in _DEFAULTS.items()
        if name not in given and (section, key) not in own and (_ALSO.get(key), key) not in own
    }
    theirs = given.get("ANSIBLE_COLLECTIONS_PATH", "~/.ansible/collections")
    return (
        found
        | _locale(given)
        | {
            "ANSIBLE_COLLECTIONS_PATH": f"{shipped.collections()}{os.pathsep}{theirs}",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{given.get('PATH', os.defpath)}",
        }
    )


def forks() -> int:
    """How many hosts `ansible-playbook` would speak to at once."""
    from ansible import constants  # noqa: PLC0415 - Ansible takes half a second to import

    return int(ansible_environment().get("ANSIBLE_FORKS", constants.DEFAULT_FORKS))


def _locale(given: Mapping[str, str]) -> dict[str, str]:
    """Return one with UTF-8, without which Ansible does not start, unless there is one."""
    names = (given.get("LC_ALL"), given.get("LC_CTYPE"), given.get("LANG"))
    name = next(filter(None, names), "C")
    return {} if _has_utf_8(name) else {"LC_ALL": "C.UTF-8"}


@cache
def _has_utf_8(name: str) -> bool:
    """True if the locale's encoding is UTF-8. The C library alone knows which locales are installed."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
        return locale.nl_langinfo(locale.CODESET) == "UTF-8"
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _own_settings(given: Mapping[str, str]) -> set[tuple[str, str]]:
    """The (section, key) pairs of the ansible.cfg that Ansible will take: the first that exists."""
    places = (given.get("ANSIBLE_CONFIG", ""), "ansible.cfg", "~/.ansible.cfg")
    files = (Path(place).expanduser() for place in (*places, "/etc/ansible/ansible.cfg") if place)
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    first = next((file for file in files if file.is_file()), None)
    if first:
        parser.read(first, encoding="utf-8")
    return {(section, key) for section in parser.sections() for key in parser[section]}
