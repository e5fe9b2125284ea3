# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends on what containers log, until they have said all or nobody listens any more.

The controller sends this file's text and then, as a line of JSON, what it wants; its end stays open
for as long as it listens. Each line of the answer is the number of a container among those asked for,
a space, and what the engine's command says of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import BinaryIO

_PIECE = 4096
_COMMAND = ("docker", "container", "logs", "--timestamps")


class Output:
    """Whole lines of several containers, one after the other."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, number: int, line: bytes) -> None:
        with self._lock:
            self._stream.write(b"%d %b\n" % (number, line.rstrip(b"\r\n")))
            self._stream.flush()


def send_on(asked: BinaryIO, output: Output) -> None:
    request = json.loads(asked.readline())
    children: list[subprocess.Popen] = []
    threads = []
    for number, name in enumerate(request["names"]):
        try:
            child = _started([*_COMMAND, *request["flags"], "--", name])
        except OSError as error:
            output.say(number, str(error).encode())
            continue
        children.append(child)
        threads.append(threading.Thread(target=_pass_on, args=(number, child, output)))
    for thread in threads:
        thread.start()
    threading.Thread(target=_end_with, args=(asked, children), daemon=True).start()
    for thread in threads:
        thread.join()


def _started(words: list[str]) -> subprocess.Popen:
    return subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _pass_on(number: int, child: subprocess.Popen, output: Output) -> None:
    with child:
        try:
            for line in child.stdout:
                output.say(number, line)
        except OSError:  # nobody listens
            child.kill()


def _end_with(asked: BinaryIO, children: list[subprocess.Popen]) -> None:
    """A container that says nothing would be listened to for ever.

    Past Python's own buffer, as that must not be in use when this program ends.
    """
    while os.read(asked.fileno(), _PIECE):
        pass
    for child in children:
        child.kill()


if __name__ == "__main__":
    send_on(sys.stdin.buffer, Output(sys.stdout.buffer))
