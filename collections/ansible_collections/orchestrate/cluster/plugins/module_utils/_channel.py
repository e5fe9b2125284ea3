# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""M(orchestrate.cluster.node_info) without Ansible around it: the same code, the same answer.

The controller sends this file's text, and then, packed, the texts of the other files and the module's
parameters, all on standard input; nothing of it is written to the node. The answer is the last line.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import zlib
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from typing import BinaryIO


class Sent(MetaPathFinder, InspectLoader):
    """Python's import, from what was sent: the text of each module by its full name."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        is_known = fullname in self._texts or self.is_package(fullname)
        return spec_from_loader(fullname, self) if is_known else None

    def is_package(self, fullname: str) -> bool:
        return any(name.startswith(f"{fullname}.") for name in self._texts)

    def get_source(self, fullname: str) -> str:
        return self._texts.get(fullname, "")


def serve(sent: BinaryIO) -> str:
    request = json.loads(zlib.decompress(sent.read()))
    sys.meta_path.insert(0, Sent(request["texts"]))
    from ansible_collections.orchestrate.cluster.plugins.module_utils._observe import (  # noqa: PLC0415
        ARGUMENTS,
        observe,
    )

    defaults = {name: _default(argument) for name, argument in ARGUMENTS.items()}
    return json.dumps(observe({**defaults, **request["parameters"]}))


def _default(argument: dict) -> object:
    """As Ansible would fill it in."""
    value = argument["default"]
    return os.path.expanduser(value) if argument["type"] == "path" else value


if __name__ == "__main__":
    gc.disable()  # it is over before there is any garbage
    print(serve(sys.stdin.buffer))
    gc.freeze()  # nor is there a search at the end
