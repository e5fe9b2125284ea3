# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends on what containers log, until they have said all or nobody listens any more.

The controller sends this file's text and then, as a line of JSON, what it wants; its end stays open
for as long as it listens. Each line of the answer is the number of a container among those asked for,
a space, and what the engine's command says of it.

When they are followed, so is whoever starts meanwhile and is meant: a line that begins with + introduces
the container of the next number. One that was there before goes on where it had ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import BinaryIO, Iterable

_PIECE = 4096
_DOCKER = ("docker", "container")
_OURS = "--filter=label=orchestrate.slot"
_LABELS = ("com.docker.compose.project", "com.docker.compose.service", "orchestrate.slot")
_RUNNING = "\t".join(["{{.Names}}", *(f'{{{{.Label "{name}"}}}}' for name in _LABELS)])
_STARTED = "\t".join(
    ["{{.Actor.Attributes.name}}"]
    + [f'{{{{index .Actor.Attributes "{name}"}}}}' for name in _LABELS]
)


class Output:
    """Whole lines of several containers, one after the other."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, number: int, line: bytes) -> None:
        self._write(b"%d %b" % (number, line.rstrip(b"\r\n")))

    def introduce(self, label: str) -> None:
        self._write(b"+ " + json.dumps(label).encode())

    def _write(self, line: bytes) -> None:
        with self._lock:
            self._stream.write(line + b"\n")
            self._stream.flush()


class Children:
    """The engine's commands that run for us; none outlives the listener."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen] = set()
        self.has_ended = False

    def lines(self, *words: str, stderr: int | None = None) -> Iterable[bytes]:
        """What a command says. OSError: it cannot be started."""
        with self._lock:
            if self.has_ended:
                return ()
            child = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr
            )
            self._running.add(child)
        return self._lines(child)

    def end(self) -> None:
        with self._lock:
            self.has_ended = True
            for child in self._running:
                child.kill()

    def _lines(self, child: subprocess.Popen) -> Iterable[bytes]:
        with child:
            try:
                yield from child.stdout
            finally:
                child.kill()
                with self._lock:
                    self._running.discard(child)


class Replica:
    """A container, through all its starts."""

    def __init__(self, number: int, name: str) -> None:
        self._number = number
        self._name = name
        self._last = b""
        self._turn = threading.Lock()

    def pass_on(self, flags: list[str], children: Children, output: Output) -> None:
        with self._turn:
            self._pass_on(flags, children, output, again=False)

    def go_on(self, since: str, children: Children, output: Output) -> None:
        """What it has said since, when whoever listens to it has heard its end."""
        with self._turn:
            flags = ["--follow", f"--since={self._last.decode() or since}"]
            self._pass_on(flags, children, output, again=True)

    def _pass_on(
        self, flags: list[str], children: Children, output: Output, *, again: bool
    ) -> None:
        words = (*_DOCKER, "logs", "--timestamps", *flags, "--", self._name)
        try:
            lines = children.lines(*words, stderr=subprocess.STDOUT)
        except OSError as error:
            output.say(self._number, str(error).encode())
            return
        with suppress(OSError):  # nobody listens
            for line in lines:
                moment = _moment(line)
                if again and not moment > self._last:  # heard before, or that it is gone by now
                    continue
                output.say(self._number, line)
                self._last = moment or self._last


def _moment(line: bytes) -> bytes:
    """In RFC 3339; nothing when the engine speaks of itself."""
    stamp = line.partition(b" ")[0]
    return stamp if stamp[:1].isdigit() else b""


class Listener:
    def __init__(self, request: dict, output: Output) -> None:
        self._since = f"{time.time():.9f}"
        self._request = request
        self._output = output
        self._children = Children()
        self._replicas: dict[str, Replica] = {}
        self._threads: list[threading.Thread] = []

    def listen(self) -> None:
        request = self._request
        flags = [f"--tail={request['tail']}"]
        flags += [f"--since={request['since']}"] if request["since"] else []
        flags += ["--follow"] if request["follows"] else []
        for name in request["names"]:
            self._start(self._known(name).pass_on, flags)
        if request["follows"]:
            with suppress(OSError):  # without the engine's command, nobody has begun either
                self._watch()
        for thread in self._threads:
            thread.join()
        if request["follows"] and not self._children.has_ended:
            sys.exit("its Docker Engine no longer tells what starts")

    def end_with(self, asked: BinaryIO) -> None:
        """A container that says nothing would be listened to for ever.

        Past Python's own buffer, as that must not be in use when this program ends.
        """
        while os.read(asked.fileno(), _PIECE):
            pass
        self._children.end()

    def _watch(self) -> None:
        """Until the listener goes, or the engine."""
        there = self._children.lines(*_DOCKER, "ls", _OURS, f"--format={_RUNNING}")
        for name, label in self._meant(there):
            if name not in self._replicas:
                self._take_up(name, label)
        only = ("--filter=type=container", "--filter=event=start", _OURS)
        told = self._children.lines(
            "docker", "events", f"--since={self._since}", *only, f"--format={_STARTED}"
        )
        for name, label in self._meant(told):
            if name in self._replicas:
                self._start(self._replicas[name].go_on, self._since)
            else:
                self._take_up(name, label)

    def _meant(self, lines: Iterable[bytes]) -> Iterable[tuple[str, str]]:
        words = set(self._request["words"])
        for line in lines:
            fields = line.decode(errors="replace").rstrip("\n").split("\t")
            if len(fields) != 1 + len(_LABELS):
                continue
            name, project, service, slot = fields
            label = f"{project}/{service}.{slot}"
            if not words or words & {name, project, f"{project}/{service}", label}:
                yield name, label

    def _take_up(self, name: str, label: str) -> None:
        self._output.introduce(label)
        self._start(self._known(name).pass_on, ["--follow"])

    def _known(self, name: str) -> Replica:
        return self._replicas.setdefault(name, Replica(len(self._replicas), name))

    def _start(self, what, first) -> None:
        arguments = (first, self._children, self._output)
        thread = threading.Thread(target=what, args=arguments)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()


def main(asked: BinaryIO, output: Output) -> None:
    listener = Listener(json.loads(asked.readline()), output)
    threading.Thread(target=listener.end_with, args=(asked,), daemon=True).start()
    listener.listen()


if __name__ == "__main__":
    main(sys.stdin.buffer, Output(sys.stdout.buffer))
