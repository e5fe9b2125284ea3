# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a file of the node so that whoever reads it sees the old text or the new one, and nothing between."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import Iterator

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError

_USUAL = 0o644


def write_whole(path: str, text: str, mode: int = _USUAL) -> None:
    with written_aside(path, text, mode):
        pass


@contextmanager
def written_aside(path: str, text: str, mode: int = _USUAL) -> Iterator[str]:
    """Put the text in place when the block ends well; it is given the file that has it until then."""
    aside = f"{path}.new"
    try:
        with open(aside, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield aside
        os.replace(aside, path)
    except OSError as error:
        raise ActionError(
            f"{path} cannot be written ({error.strerror}): run `orchestrate provision`"
        ) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(aside)


def make_directory_of(path: str) -> None:
    directory = os.path.dirname(path)
    try:
        os.makedirs(directory, exist_ok=True)
    except OSError as error:
        raise ActionError(f"{directory} cannot be made: {error.strerror}") from error


def text_at(path: str) -> str | None:
    """Return what the file holds; None when it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None
