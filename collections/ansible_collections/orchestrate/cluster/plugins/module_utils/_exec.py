# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command inside a container, with the input, output and terminal of this process.

Its argument is JSON: `container`, `command`, `user`, `has_terminal` and `docker_socket`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import termios
import threading
import tty
from contextlib import contextmanager, suppress
from typing import BinaryIO, Iterator

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._frames import STDERR, frames

_PIECE = 65536


def main() -> None:
    for interruption in (signal.SIGPIPE, signal.SIGINT):
        signal.signal(interruption, signal.SIG_DFL)
    request = json.loads(sys.argv[1])
    try:
        sys.exit(_run(Engine(request["docker_socket"]), request))
    except (EngineError, UnavailableError) as error:
        sys.exit(f"the Docker Engine refuses: {error}")


def _run(engine: Engine, request: dict) -> int:
    """Run the command to its end; its exit code."""
    has_terminal = request["has_terminal"]
    run = engine.prepare_exec(
        request["container"],
        {
            "Cmd": request["command"],
            "User": request["user"],
            "Tty": has_terminal,
            "AttachStdin": True,
            "AttachStdout": True,
            "AttachStderr": True,
        },
    )
    with engine.attach_exec(run, has_terminal=has_terminal) as (connection, body):
        threading.Thread(target=_send_input, args=(connection,), daemon=True).start()
        if has_terminal:
            with _raw_terminal(engine, run):
                _receive_terminal(body)
        else:
            _receive_streams(body)
    return engine.exit_code(run)


def _send_input(connection: socket.socket) -> None:
    with suppress(OSError):  # the command has ended, or the terminal is gone
        for piece in iter(lambda: os.read(sys.stdin.fileno(), _PIECE), b""):
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)


def _receive_terminal(body: BinaryIO) -> None:
    for piece in iter(lambda: body.read1(_PIECE), b""):
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


def _receive_streams(body: BinaryIO) -> None:
    for stream, content in frames(body):
        output = sys.stderr.buffer if stream == STDERR else sys.stdout.buffer
        output.write(content)
        output.flush()


@contextmanager
def _raw_terminal(engine: Engine, run: str) -> Iterator[None]:
    """Leave all keys to the terminal inside, which has the size of this one."""
    here = sys.stdin.fileno()
    before = termios.tcgetattr(here)

    def resize(*_: object) -> None:
        # Not in this thread: the engine answers only when the command has started.
        threading.Thread(target=_resize, args=(engine, run), daemon=True).start()

    signal.signal(signal.SIGWINCH, resize)
    resize()
    tty.setraw(here)
    try:
        yield
    finally:
        termios.tcsetattr(here, termios.TCSADRAIN, before)


def _resize(engine: Engine, run: str) -> None:
    with suppress(
        EngineError, UnavailableError, OSError
    ):  # it has ended, or is no terminal any more
        columns, lines = os.get_terminal_size(sys.stdin.fileno())
        engine.resize_exec(run, lines, columns)
