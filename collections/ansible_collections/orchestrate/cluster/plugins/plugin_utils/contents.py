# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the content of a config or secret comes from -> the content, read on the controller by Ansible.

A source is a dict of one entry: `file` (a path; vaulted or not), `environment` (the name of a variable),
`variable` (the name of one of Ansible's) or `content` (the text itself).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.vault import AnsibleVaultError, is_encrypted

LARGEST = 1 << 20
_LOCKED = (
    "is vaulted, and no vault password that was given opens it: "
    "give it by --vault-password-file or --vault-id"
)


def read_content(source: Mapping[str, str], templar: Any, loader: Any) -> bytes:
    """The content as `templar`, with its variables, and `loader`, with its vault secrets, find it.

    AnsibleError says what is missing, and never what was found.
    """
    ((kind, name),) = source.items()
    try:
        content = _READ[kind](str(name), templar, loader)
    except AnsibleError as error:
        # Ansible would quote its causes, and the file that a variable stands in.
        reason = _LOCKED if _is_locked(error) else _first_line(error)
        raise AnsibleError(f"{kind} {name}: {reason}") from None
    if len(content) > LARGEST:
        raise AnsibleError(f"{kind} {name}: is larger than 1 MiB: put it on a volume")
    return content


def _is_locked(error: BaseException | None) -> bool:
    """Within a template the vault's error is only told of, by one whose context is the vault."""
    if error is None:
        return False
    is_it = isinstance(error, AnsibleVaultError) or getattr(error, "context", "") == "vault"
    return is_it or _is_locked(error.__cause__ or error.__context__)


def _first_line(error: AnsibleError) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _read_file(name: str, _templar: Any, loader: Any) -> bytes:
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        raise AnsibleError((error.strerror or str(error)).lower()) from None
    if not is_encrypted(content):
        return content
    decrypted: bytes = loader._vault.decrypt(content)  # noqa: SLF001 - what is public is for text only
    return decrypted


def _read_environment(name: str, _templar: Any, _loader: Any) -> bytes:
    if name not in os.environ:
        raise AnsibleError("is not set where Ansible runs")
    return os.environb[name.encode()]


def _read_variable(name: str, templar: Any, _loader: Any) -> bytes:
    if name not in templar.available_variables:
        raise AnsibleError("is not set: set it for all nodes, in group_vars, say")
    value = templar.template(templar.available_variables[name])
    if not isinstance(value, str):
        raise AnsibleError("is no text: put its value in quotes")
    return value.encode()


def _read_text(text: str, _templar: Any, _loader: Any) -> bytes:
    return text.encode()


_READ: Mapping[str, Callable[[str, Any, Any], bytes]] = {
    "file": _read_file,
    "environment": _read_environment,
    "variable": _read_variable,
    "content": _read_text,
}
KINDS = tuple(_READ)
