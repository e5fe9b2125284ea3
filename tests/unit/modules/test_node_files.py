"""The registration file, the connection table, and the names of images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.collection import load

registration = load("_registration")
drain = load("_drain")
errors = load("_errors")

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0
   1: 02C813C6:1F40 01C813C6:8BA2 01 00000000:00000000 02:000AFC5C 00000000     0        0 2 2 0
   2: 02C813C6:1F40 01C813C6:8BA3 06 00000000:00000000 02:000AFC5C 00000000     0        0 3 2 0
   3: 02C813C6:8BA4 01C813C6:1F40 01 00000000:00000000 02:000AFC5C 00000000     0        0 4 2 0
"""


def wanted(kind: str) -> dict[str, Any]:
    return {
        "id": "web-1",
        "service": "shop--web",
        "port": 80,
        "tags": [],
        "aliases": [],
        "meta": {"slot": "1"},
        "check": {"kind": kind, "interval_s": 1.5, "timeout_s": 1.0},
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "tcp",
            {"tcp": "10.210.1.2:80", "interval": "1.5s", "timeout": "1s", "status": "critical"},
        ),
        ("engine", {"args": ["/lib/health", "web-1"], "status": "critical"}),
    ],
)
def test_a_check_is_critical_at_first(kind: str, expected: dict[str, Any]) -> None:
    made = registration.definition_of(wanted(kind), "10.210.1.2", "/lib/health")["service"]

    assert expected.items() <= made["check"].items()
    assert (made["name"], made["address"], made["port"]) == ("shop--web", "10.210.1.2", 80)


def test_without_a_check_there_is_none() -> None:
    assert "check" not in registration.definition_of(wanted("none"), "10.210.1.2", "")["service"]


def test_an_alias_is_a_service_beside_it_and_as_healthy() -> None:
    asked = {**wanted("tcp"), "aliases": ["shop--www"]}

    made = registration.definition_of(asked, "10.210.1.2", "")

    (alias,) = made["services"]
    assert made["service"]["name"] == "shop--web"
    assert (alias["id"], alias["name"]) == ("web-1:shop--www", "shop--www")
    assert (alias["address"], alias["port"]) == ("10.210.1.2", 80)
    assert alias["check"]["alias_service"] == "web-1"
    assert "meta" not in alias, "by its meta a registration is known as a replica's own"


def test_without_an_address_it_would_be_the_nodes() -> None:
    with pytest.raises(errors.ActionError, match="web-1: the container has no address"):
        registration.definition_of(wanted("tcp"), "", "")


@pytest.mark.parametrize("name", ["", "a", "../../etc/passwd", "a/b", ".hidden", "-rf", "a b"])
def test_no_name_leads_out_of_the_directory(tmp_path: Path, name: str) -> None:
    files = registration.Registrations(str(tmp_path))

    with pytest.raises(errors.ActionError, match="is no name of a container"):
        files.write(name, {})


def test_a_file_is_read_as_it_was_written_and_removed_once(tmp_path: Path) -> None:
    files = registration.Registrations(str(tmp_path))
    files.write("web-1", {"service": {"id": "web-1"}})

    assert files.read("web-1") == {"service": {"id": "web-1"}}
    assert [file.name for file in tmp_path.iterdir()] == ["replica-web-1.json"]
    assert (files.remove("web-1"), files.remove("web-1")) == (True, False)
    assert files.read("web-1") is None


def test_a_directory_that_is_missing_is_named(tmp_path: Path) -> None:
    files = registration.Registrations(str(tmp_path / "missing"))

    with pytest.raises(
        errors.ActionError, match=r"cannot be written \(No such file or directory\)"
    ):
        files.write("web-1", {})


def test_connections_of_the_port_are_counted() -> None:
    assert drain.count(TABLE, 8000) == 1
    assert drain.count(TABLE, 80) == 0


def test_a_process_that_is_gone_has_no_connections() -> None:
    assert drain.connections(2**22 + 1, 80) == 0


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        ("web", "latest"),
        ("registry.lab:5000/web", "latest"),
        ("registry.lab:5000/web:1", ""),
        ("web@sha256:0", ""),
    ],
)
def test_one_tag_is_pulled_and_not_all(image: str, tag: str) -> None:
    assert load("_pull").default_tag(image) == tag
