# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program of this collection from the texts of its modules: nothing of it is written to the node.

The controller starts Python with this file's text, and sends the modules packed: in the last argument,
or, where there is none, on standard input, of which the rest is the program's own.
"""

from __future__ import annotations

import base64
import importlib
import json
import sys
import zlib
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader


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


def packed() -> bytes:
    if len(sys.argv) > 1:
        return base64.b64decode(sys.argv.pop())
    sent = sys.stdin.buffer
    return sent.read(int(sent.readline()))


def run(request: dict) -> None:
    sys.meta_path.insert(0, Sent(request["texts"]))
    importlib.import_module(request["program"]).main()


if __name__ == "__main__":
    run(json.loads(zlib.decompress(packed())))
