"""Requests through the proxies, from this process to the lab's nodes; each on a connection of its own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Self

_ANSWER = re.compile(r"visit (?P<visit>\d+), version (?P<version>\S+), from (?P<host>\S+)")
_TIMEOUT_S = 10
_WORK_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """One answer of the counter: its count, the version and the container that counted."""

    number: int
    version: str
    host: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str


def get(address: str, path: str = "/", timeout_s: float = _TIMEOUT_S, *, host: str = "") -> Answer:
    """One request, not retried; `host` is what it asks for, where that is not the address."""
    with closing(HTTPConnection(address, timeout=timeout_s)) as connection:
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode())


def post(address: str, path: str, body: str, *, kind: str, host: str) -> Answer:
    """A form or the like, of the content type `kind`; what it sets off may take a while."""
    with closing(HTTPConnection(address, timeout=_WORK_TIMEOUT_S)) as connection:
        headers = {"Host": host, "Content-Type": kind}
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode())


def visit(address: str) -> Visit:
    answer = get(address)
    found = _ANSWER.match(answer.text)
    assert answer.status == HTTPStatus.OK, answer
    assert found, answer
    return Visit(int(found["visit"]), found["version"], found["host"])


@dataclass(frozen=True, slots=True)
class Sample:
    """A request of a stream; `error` is empty when it was answered with 200."""

    at: float
    version: str
    error: str


@dataclass(slots=True)
class Stream:
    """`rate` requests for `path` a second, through each of the proxies in turn, `most` altogether.

    A context manager: the requests go out, one after the other and none of them twice, for as long as
    its block lasts.
    """

    addresses: Sequence[str]
    rate: float = 20
    most: int = 3000
    path: str = "/"
    samples: list[Sample] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    @property
    def failed(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.error]

    def versions(self) -> list[str]:
        """The versions in the order of their first answers."""
        return list(dict.fromkeys(sample.version for sample in self.samples if not sample.error))

    def answered_by(self, version: str) -> list[float]:
        return [sample.at for sample in self.samples if sample.version == version]

    def _run(self) -> None:
        for number in range(self.most):
            address = self.addresses[number % len(self.addresses)]
            self.samples.append(_sample(address, self.path))
            if self._ended.wait(1 / self.rate):
                return


def _sample(address: str, path: str) -> Sample:
    """Only `/` tells the version, as it has to."""
    at = time.time()
    try:
        answer = get(address, path)
    except (OSError, HTTPException) as error:
        return Sample(at, "", f"{address}: {error!r}")
    found = _ANSWER.match(answer.text)
    if answer.status != HTTPStatus.OK or (path == "/" and not found):
        return Sample(at, "", f"{address}: {answer}")
    return Sample(at, found["version"] if found else "", "")
