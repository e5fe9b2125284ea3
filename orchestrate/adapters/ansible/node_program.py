"""Programs of the collection that run on a node from their texts: nothing of them is written there."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from orchestrate.adapters import shipped

DOCKER_SOCKET = "/var/run/docker.sock"
START = "import sys;s=sys.stdin.buffer;exec(s.read(int(s.readline())))"
"""Python that runs a text whose length is the first line of what it is sent, see sent()."""

_START_BY_ARGUMENT = (
    "import base64,sys,zlib;exec(zlib.decompress(base64.b64decode(sys.argv.pop())))"
)
_CODE = "ansible_collections/orchestrate/cluster/plugins/module_utils"
_ENGINE = ("_engine", "_errors", "_frames", "_http", "_until")
_NEEDED = {"_exec": (*_ENGINE, "_exec"), "_logs": (*_ENGINE, "_log_lines", "_logs")}
"""What these programs import; of another one all files are sent."""


@cache
def sent(program: str) -> bytes:
    """Return what Python, started with START, takes as a program; its own input follows."""
    start, packed = _start(), _packed(program)
    return b"%d\n%b%d\n%b" % (len(start), start, len(packed), packed)


def by_argument(program: str, request: Mapping[str, Any]) -> Sequence[str]:
    """Return the arguments that have Python run a program whose input is somebody else's.

    The request comes first, as a person may look for it in a list of processes or a log of sudo.
    """
    packed, start = (base64.b64encode(part).decode() for part in _parts(program))
    return ("-c", _START_BY_ARGUMENT, json.dumps(request), packed, start)


def _parts(program: str) -> tuple[bytes, bytes]:
    return _packed(program), zlib.compress(_start())


def _start() -> bytes:
    return (shipped.collections() / _CODE / "_sent.py").read_bytes()


def _packed(program: str) -> bytes:
    """Pack the program, and the text of each file that it may import, by the full names of the modules."""
    root = shipped.collections()
    names = _NEEDED.get(program) or [file.stem for file in sorted((root / _CODE).glob("_*.py"))]
    files = [root / _CODE / f"{name}.py" for name in names]
    texts = {_module_name(file.relative_to(root)): file.read_text("utf-8") for file in files}
    request = {"texts": texts, "program": _module_name(Path(_CODE, program))}
    return zlib.compress(json.dumps(request).encode())


def _module_name(file: Path) -> str:
    return ".".join(file.with_suffix("").parts)
