"""What the lab asks this machine for depends on what the machine is."""

from __future__ import annotations

from pathlib import Path

from orchestrate.lab.firewall import list_removals
from orchestrate.lab.image import hash_files
from orchestrate.lab.network import read_outward_mtu
from orchestrate.lab.privilege import choose_privilege, read_bounding_set

EVERYTHING = (1 << 41) - 1
LAST = 40
SYS_RESOURCE = 24


def test_a_whole_machine_gives_privileged_nodes() -> None:
    assert choose_privilege(EVERYTHING, LAST) == {"Privileged": True}


def test_a_newer_kernel_with_all_its_capabilities_is_a_whole_machine() -> None:
    assert choose_privilege((1 << 45) - 1, 44) == {"Privileged": True}


def test_a_sandbox_gives_what_it_has() -> None:
    rights = choose_privilege(EVERYTHING & ~(1 << SYS_RESOURCE), LAST)

    assert "Privileged" not in rights
    assert "SYS_RESOURCE" not in rights["CapAdd"]
    assert {"SYS_ADMIN", "NET_ADMIN", "MKNOD", "AUDIT_READ"} <= set(rights["CapAdd"])
    assert rights["MaskedPaths"] == rights["ReadonlyPaths"] == []


def test_capabilities_go_by_their_number() -> None:
    assert choose_privilege(1 << 12 | 1 << 21, LAST)["CapAdd"] == ["NET_ADMIN", "SYS_ADMIN"]


def test_capabilities_that_older_engines_do_not_know_are_not_asked_for() -> None:
    assert choose_privilege(1 << 38 | 1 << 39 | 1 << 40, LAST)["CapAdd"] == []


def test_the_bounding_set_is_read_from_the_kernel(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/status").write_text("Name:\tx\nCapBnd:\t000001fffeffffff\nCapAmb:\t0\n")
    (tmp_path / "sys/kernel").mkdir(parents=True)
    (tmp_path / "sys/kernel/cap_last_cap").write_text("40\n")

    assert read_bounding_set(tmp_path) == (EVERYTHING & ~(1 << SYS_RESOURCE), LAST)


LISTING = """\
-P FORWARD DROP
-N DOCKER
-N DOCKER-USER
-N MINE
-A FORWARD -j DOCKER-USER
-A FORWARD -j MINE
-A FORWARD -o lo -m comment --comment "not DOCKER" -j ACCEPT
-A DOCKER-USER -j RETURN
"""


def test_only_what_the_engine_added_is_removed() -> None:
    assert list_removals(LISTING) == [
        ["-D", "FORWARD", "-j", "DOCKER-USER"],
        ["-D", "DOCKER-USER", "-j", "RETURN"],
        ["-F", "DOCKER"],
        ["-F", "DOCKER-USER"],
        ["-X", "DOCKER"],
        ["-X", "DOCKER-USER"],
    ]


def test_a_table_without_docker_stays_as_it_is() -> None:
    assert list_removals("-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n") == []
    assert list_removals("") == []


def write_routes(directory: Path, *routes: str) -> tuple[Path, Path]:
    proc, sys = directory / "proc", directory / "sys"
    (proc / "net").mkdir(parents=True)
    (proc / "net/route").write_text("\n".join(["Iface\tDestination\tGateway", *routes, ""]))
    (sys / "class/net/wg0").mkdir(parents=True)
    (sys / "class/net/wg0/mtu").write_text("1420\n")
    return proc, sys


def test_packets_of_nodes_fit_the_way_out(tmp_path: Path) -> None:
    places = write_routes(tmp_path, "eth0\t0002000A\t00000000", "wg0\t00000000\t0100000A")

    assert read_outward_mtu(*places) == "1420"


def test_a_machine_with_no_way_out_has_no_opinion(tmp_path: Path) -> None:
    assert read_outward_mtu(*write_routes(tmp_path, "eth0\t0002000A\t00000000")) == ""


def test_a_recipe_is_known_by_names_and_contents(tmp_path: Path) -> None:
    def make(name: str, **files: str) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        for file, text in files.items():
            (directory / file).write_text(text)
        return directory

    recipe = hash_files(make("recipe", a="1", b="2"))

    assert hash_files(make("same", b="2", a="1")) == recipe
    assert hash_files(make("changed", a="1", b="3")) != recipe
    assert hash_files(make("renamed", a="1", c="2")) != recipe
