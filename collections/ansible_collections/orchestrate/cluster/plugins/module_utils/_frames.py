# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a container without a terminal writes, as the engine sends it: frames of its two streams."""

from __future__ import annotations

import struct
from typing import BinaryIO, Iterator, NamedTuple

_HEAD = struct.Struct(">BxxxL")
STDERR = 2


class Frame(NamedTuple):
    stream: int
    content: bytes


def frames(body: BinaryIO) -> Iterator[Frame]:
    """Take the frames apart as they come; the last may be broken off."""
    while True:
        head = body.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return
        stream, length = _HEAD.unpack(head)
        yield Frame(stream, body.read(length))
