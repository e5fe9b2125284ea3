# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends on what containers log, until they have said all or nobody listens any more.

The controller sends as a line of JSON what it wants, and its end stays open for as long as it listens.
Each line of the answer is the number of a container among those asked for, a space, and what the engine
says of it.

When they are followed, so are replicas that start meanwhile and are meant: a line that begins with +
introduces the container of the next number. One that was there before goes on where it had ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any, BinaryIO, Mapping
from urllib.parse import quote

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._log_lines import (
    log_lines,
    timestamp_of,
)

_PIECE = 4096
_OURS = "orchestrate.slot"
_PROJECT, _SERVICE = "com.docker.compose.project", "com.docker.compose.service"


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


class Replica:
    """A container, through all its starts."""

    def __init__(self, number: int, name: str) -> None:
        self._number = number
        self._name = name
        self._last = b""
        self._turn = threading.Lock()

    def pass_on(self, engine: Engine, output: Output, question: Mapping[str, Any]) -> None:
        """Send on its log, after what an earlier call has to send of it; why it cannot be read, too."""
        with self._turn:
            sent = self._last
            if sent:
                question = {**question, "since": timestamp_of(sent)}
            try:
                for line in log_lines(engine, self._name, question):
                    stamp = line.partition(b" ")[0]
                    if stamp > sent:
                        output.say(self._number, line)
                        self._last = max(self._last, stamp)
            except (EngineError, UnavailableError) as error:
                if not sent:  # else it is gone by now
                    output.say(self._number, str(error).encode())


class Listener:
    def __init__(self, request: dict, output: Output) -> None:
        self._request = request
        self._output = output
        self._engine = Engine(request["docker_socket"])
        self._replicas: dict[str, Replica] = {}
        self._threads: list[threading.Thread] = []

    def listen(self) -> None:
        """Send on all that is asked for. While it is followed, that ends only when the engine does."""
        now, request = time.time(), self._request
        question = {"tail": request["tail"], "follow": int(request["follows"])}
        if request["since"] is not None:
            question["since"] = f"{request['since']:.6f}"
        if request["since_ago_s"] is not None:
            question["since"] = f"{now - request['since_ago_s']:.6f}"
        for name in request["names"]:
            self._start(name, question)
        if request["follows"]:
            with suppress(EngineError, UnavailableError):  # each container has said so
                self._watch(f"{now:.9f}")
        for thread in self._threads:
            thread.join()
        if request["follows"]:
            sys.exit("its Docker Engine no longer tells what starts")

    def _watch(self, since: str) -> None:
        """Follow replicas that start, until the engine ends."""
        only = f"filters={_filters(label=[_OURS])}"
        for container in self._engine.call("GET", f"/containers/json?{only}"):
            name = container["Names"][0].lstrip("/")
            if name not in self._replicas:
                self._follow(name, container["Labels"], since)
        only = f"filters={_filters(type=['container'], event=['start'], label=[_OURS])}"
        with self._engine.stream("GET", f"/events?since={since}&{only}") as body:
            for line in body:
                labels = json.loads(line)["Actor"]["Attributes"]
                self._follow(labels["name"], labels, since)

    def _follow(self, name: str, labels: Mapping[str, str], since: str) -> None:
        words = set(self._request["words"])
        project, service = labels.get(_PROJECT, ""), labels.get(_SERVICE, "")
        label = f"{project}/{service}.{labels[_OURS]}"
        if words and not words & {name, project, f"{project}/{service}", label}:
            return
        if name not in self._replicas:
            self._output.introduce(label)
            self._start(name, {"follow": 1})
        else:
            self._start(name, {"follow": 1, "since": since})

    def _start(self, name: str, question: Mapping[str, Any]) -> None:
        replica = self._replicas.setdefault(name, Replica(len(self._replicas), name))
        arguments = (self._engine, self._output, question)
        thread = threading.Thread(target=replica.pass_on, args=arguments)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()


def _filters(**filters: list[str]) -> str:
    return quote(json.dumps(filters))


def _end_with(asked: BinaryIO) -> None:
    """End when the controller does: a container that says nothing would be listened to for ever.

    Past Python's own buffer, as that must not be in use when this program ends.
    """
    while os.read(asked.fileno(), _PIECE):
        pass
    os._exit(0)


def main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    asked = sys.stdin.buffer
    listener = Listener(json.loads(asked.readline()), Output(sys.stdout.buffer))
    threading.Thread(target=_end_with, args=(asked,), daemon=True).start()
    listener.listen()
