"""What containers log, as a real engine tells it."""

from __future__ import annotations

import sys

import pytest

from orchestrate.adapters.ansible.logs import Source, listen
from orchestrate.adapters.ansible.remote_command import START
from orchestrate.model.log import LogRequest
from tests.contract.modules.site import PROJECT, Site

pytestmark = pytest.mark.contract
WEB, GONE = f"{PROJECT}-web-1-r1", f"{PROJECT}-web-2-r1"


def test_a_container_that_has_ended_and_one_that_is_not_there(site: Site) -> None:
    script = "echo one; sleep 0.1; echo two >&2; exit 0"
    site.replicas(site.start(WEB, entrypoint=["/bin/sh", "-c", script], restart="no"))
    engine = f"DOCKER_HOST=unix://{site.parameters['docker_socket']}"
    here = ["env", engine, sys.executable, "-IS", "-c", START]

    heard = list(listen({"n1": Source(command=here, names=[WEB, GONE])}, LogRequest(tail=5)))

    stamped = [one.text.partition(" ") for one in heard if one.name == WEB]
    assert [text for _, _, text in stamped] == ["one", "two"]
    assert stamped == sorted(stamped)
    assert {len(at) for at, _, _ in stamped} == {len("2026-11-29T13:18:52.925508465Z")}
    (gone,) = [one.text for one in heard if one.name == GONE]
    assert "No such container" in gone
