"""What containers log, as a real engine tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from orchestrate.adapters.ansible.logs import Heard, Source, listen
from orchestrate.adapters.ansible.node_program import START
from orchestrate.model.log import LogRequest
from tests.contract.modules.site import LABELS, PROJECT, Site

pytestmark = pytest.mark.contract
WEB, GONE = f"{PROJECT}-web-1-r1", f"{PROJECT}-web-2-r1"


HERE = (sys.executable, "-IS", "-c", START)


def says(text: str) -> list[str]:
    return ["/bin/sh", "-c", f"echo {text}; exec sleep 1000"]


def test_a_container_that_has_ended_and_one_that_is_not_there(site: Site) -> None:
    script = "echo one; sleep 0.1; echo two >&2; exit 0"
    site.replicas(site.start(WEB, entrypoint=["/bin/sh", "-c", script], restart="no"))
    socket = site.parameters["docker_socket"]
    source = Source(command=HERE, replicas={WEB: WEB, GONE: GONE}, docker_socket=socket)

    heard = list(listen({"n1": source}, LogRequest(tail=5)))

    stamped = [one.text.partition(" ") for one in heard if one.replica == WEB]
    assert [text for _, _, text in stamped] == ["one", "two"]
    assert stamped == sorted(stamped)
    assert {len(at) for at, _, _ in stamped} == {len("2026-11-29T13:18:52.925508465Z")}
    (gone,) = [one.text for one in heard if one.replica == GONE]
    assert "No such container" in gone


def test_whoever_starts_while_it_is_followed_is_heard(site: Site) -> None:
    """One that starts again, too, and what it had said is not said twice."""
    labels = {**LABELS, "orchestrate.slot": "2"}
    web = {"restart": "no", "monitor_s": 0}
    site.replicas(site.start(WEB, "none", entrypoint=says("one"), **web))
    words = [f"{PROJECT}/web"]
    socket = site.parameters["docker_socket"]
    source = Source(command=HERE, replicas={WEB: "mine"}, words=words, docker_socket=socket)
    lines: Iterator[Heard] = listen({"n1": source}, LogRequest(follows=True))
    first = next(lines)

    site.replicas(site.start(GONE, "none", entrypoint=says("two"), labels=labels, **web))
    second = next(lines)
    site.client.containers.get(WEB).restart(timeout=0)
    third = next(lines)
    lines.close()  # type: ignore[attr-defined]

    heard = [(one.replica, one.text.partition(" ")[2]) for one in (first, second, third)]
    assert heard == [("mine", "one"), (f"{PROJECT}/web.2", "two"), ("mine", "one")]
