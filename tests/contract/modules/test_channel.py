"""The channel lane says the same of a node as the module that a play calls."""

from __future__ import annotations

import sys

import pytest

from orchestrate.adapters.ansible.channel import Channel, Request
from orchestrate.adapters.ansible.remote_command import remote_python
from tests.contract.modules.site import NETWORK, PROJECT, Site

pytestmark = pytest.mark.contract


def test_both_lanes_tell_the_same(site: Site) -> None:
    site.replicas(site.start(f"{PROJECT}-web-1-r1"))
    channel = Channel(at_once=1, within_s=60, is_cancelled=lambda: False)
    way = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    command = remote_python("here", way, becomes=False)
    assert command
    asked = Request(
        command=command,
        parameters={**site.parameters, "network": NETWORK, "resolve": [site.image]},
    )

    told = dict(channel.ask({"here": asked})["here"].node or {})
    said = site.run("node_info", network=NETWORK, resolve=[site.image])["node"]

    assert told.pop("now") < said.pop("now")
    assert told == said
    assert [one["name"] for one in told["containers"]] == [f"{PROJECT}-web-1-r1"]
