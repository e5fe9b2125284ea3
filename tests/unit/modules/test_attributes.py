"""The attributes of a container: asked for, read back, missed, and documented."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.collection import load as load_file
from tests.unit.modules.collection import load

attributes = load("_attributes")
arguments = load("_arguments")

EVERY: dict[str, Any] = {
    "hostname": "web",
    "init": False,
    "cap_add": ["KILL", "NET_ADMIN"],
    "devices": [{"source": "/dev/a", "target": "/dev/b", "permissions": "r"}],
    "device_requests": [
        {
            "driver": "",
            "count": -1,
            "device_ids": [],
            "capabilities": ["gpu", "utility"],
            "options": {},
        }
    ],
    "ulimits": {"core": {"soft": 0, "hard": -1}},
    "mem_swappiness": 0,
    "blkio_read_bps": [{"path": "/dev/a", "rate": 1}],
    "log_driver": "local",
    "log_options": {"max-size": "1m"},
}


def shown(wanted: dict[str, Any], **host: Any) -> dict[str, Any]:
    """Return the inspection of a container that was made of what is wanted."""
    return {
        "Config": attributes.write(wanted, of_host=False),
        "HostConfig": {**attributes.write(wanted, of_host=True), **host},
    }


def read(inspection: dict[str, Any]) -> Any:
    return attributes.read(inspection["Config"], inspection["HostConfig"])


def test_what_is_asked_for_reads_back() -> None:
    assert read(shown(EVERY)) == EVERY


def test_what_is_not_asked_for_is_not_said() -> None:
    assert shown({}) == {"Config": {}, "HostConfig": {}}
    assert read({"Config": {"Tty": False}, "HostConfig": {"Init": None, "CapAdd": None}}) == {}


def test_the_engines_own_prefix_of_a_capability_does_not_count() -> None:
    assert read({"Config": {}, "HostConfig": {"CapAdd": ["CAP_SYS_TIME", "CAP_KILL"]}}) == {
        "cap_add": ["KILL", "SYS_TIME"]
    }


@pytest.mark.parametrize(
    ("wanted", "host", "lost"),
    [
        pytest.param(EVERY, {}, [], id="nothing"),
        pytest.param(
            {"mem_swappiness": 10}, {"MemorySwappiness": None}, ["mem_swappiness"], id="forgotten"
        ),
        pytest.param({"memswap_limit": 64}, {"MemorySwap": -1}, ["memswap_limit"], id="changed"),
        pytest.param({"read_only": False}, {"ReadonlyRootfs": None}, [], id="off-anyway"),
        pytest.param(
            {"log_options": {"a": "1"}},
            {"LogConfig": {"Config": {"a": "1", "b": "2"}}},
            [],
            id="more",
        ),
        pytest.param({"log_options": {"a": "1"}}, {"LogConfig": {}}, ["log_options"], id="less"),
    ],
)
def test_what_the_engine_did_not_take_is_missed(
    wanted: dict[str, Any], host: dict[str, Any], lost: list[str]
) -> None:
    assert attributes.unkept(wanted, shown(wanted, **host)) == lost


def shape(options: dict[str, Any], below: str) -> dict[str, Any]:
    """What is said of each option, by `suboptions` in a documentation and by `options` in arguments."""
    said = ("type", "elements", "required", "choices", "default")
    return {
        name: {key: option[key] for key in said if key in option}
        | {"below": shape(option.get(below, {}), below)}
        for name, option in options.items()
    }


def test_every_key_of_a_container_is_documented_as_it_is_read() -> None:
    fragment = load_file("plugins/doc_fragments/actions.py").ModuleDocFragment
    actions = yaml.safe_load(fragment.DOCUMENTATION)["options"]["actions"]["suboptions"]
    documented = actions["config"]["suboptions"]
    read = arguments.ACTIONS["options"]["config"]["options"]

    assert list(documented) == list(read)
    assert shape(documented, "suboptions") == shape(read, "options")
