"""A look at a node: complete in one answer, and never longer than a broken part may take."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.contract.modules.site import NETWORK, PROJECT, Site
from tests.until import until

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
NOTHING: dict[str, Any] = {
    "containers": [],
    "images": {},
    "tags": [],
    "volumes": [],
    "published": [],
    "foreign": {},
}

SLEEPING = """\
LoadState=loaded
ActiveState=inactive

LoadState=loaded
ActiveState=active

LoadState=not-found
ActiveState=inactive"""


def look(site: Site, **parameters: Any) -> dict[str, Any]:
    return dict(site.run("node_info", network=NETWORK, **parameters)["node"])


def write_program(directory: Path, text: str, name: str = "network") -> None:
    program = directory / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@contextmanager
def listener(path: Path, answer: bytes) -> Iterator[None]:
    """Something that takes connections and answers with these bytes, or not at all."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        if answer:
            threading.Thread(target=serve, args=(server, answer), daemon=True).start()
        yield


def serve(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.recv(65536)
            connection.sendall(answer)


def test_only_ours_are_described_and_every_published_port_is_told(site: Site) -> None:
    site.client.containers.run(
        site.image,
        name=f"{PROJECT}-foreign",
        detach=True,
        network=NETWORK,
        ports={"8000/tcp": 45090},
    )
    published = {"target": 8000, "published": 45091, "host_ip": "127.0.0.1"}
    site.replicas(site.start(WEB, ports=[published]))

    seen = look(site)

    assert [container["name"] for container in seen["containers"]] == [WEB]
    assert {"published": 45090, "protocol": "tcp", "host_ip": ""} in seen["published"]
    assert {"published": 45091, "protocol": "tcp", "host_ip": "127.0.0.1"} in seen["published"]
    assert seen["images"][seen["containers"][0]["image_id"]]["volumes"] == ["/data"]
    assert seen["engine"]["state"] == "running"
    assert seen["consul"]["leader"]
    assert site.image in seen["tags"]


def test_the_answer_has_the_time_on_the_node(site: Site) -> None:
    began = time.time()

    assert began <= look(site)["now"] <= time.time()


@pytest.fixture
def nearby() -> Iterator[Path]:
    """A directory whose sockets have short names: there is a limit to them."""
    with TemporaryDirectory(prefix="engine-") as directory:
        yield Path(directory)


@contextmanager
def labelled_engine(directory: Path, *labels: str) -> Iterator[str]:
    """An engine beside the one of the site; tells where it listens. What it mounts goes with it."""
    listens = directory / "docker.sock"
    places = {"--data-root": "data", "--exec-root": "exec", "--pidfile": "pid"}
    command = [
        *("unshare", "--mount", "dockerd"),
        f"--host=unix://{listens}",
        *(f"{option}={directory / name}" for option, name in places.items()),
        "--bridge=none",
        "--iptables=false",
        *(f"--label={label}" for label in labels),
    ]
    with (directory / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            until(listens.exists, "the engine listens")
            yield str(listens)
        finally:
            process.terminate()


def running_engine(site: Site, path: str) -> dict[str, Any] | None:
    engine = look(site, docker_socket=path)["engine"]
    return dict(engine) if engine["state"] == "running" else None


def test_the_labels_of_an_engine_are_told(site: Site, nearby: Path) -> None:
    with labelled_engine(nearby, "com.example.disk=ssd", "zone=a=b", "flag=") as path:
        engine = until(lambda: running_engine(site, path), "the engine answers")

    assert engine["labels"] == {"com.example.disk": "ssd", "zone": "a=b", "flag": ""}


def test_what_others_may_take_is_told_if_it_counts(site: Site) -> None:
    """A reservation, else a limit, of what runs; ours do not count, nor what has no bounds."""
    with_limits: list[dict[str, Any]] = [
        {"mem_limit": "64m", "nano_cpus": 250_000_000, "pids_limit": 50},
        {"mem_limit": "64m", "mem_reservation": "32m", "cpu_quota": 50_000},
        {},
    ]
    for number, limits in enumerate(with_limits):
        name = f"{PROJECT}-foreign-{number}"
        site.client.containers.run(site.image, name=name, detach=True, **limits)
    site.client.containers.get(f"{PROJECT}-foreign-0").pause()
    site.client.containers.create(site.image, name=f"{PROJECT}-ended", mem_limit="64m")
    site.replicas(site.start(WEB, memory=64 << 20, cpus=1, pids=50))

    told = look(site, count_foreign=True)["foreign"]

    assert told == {"memory": 96 << 20, "cpus": 0.75, "pids": 50}
    assert look(site)["foreign"] == {}


def test_states_are_told_as_the_engine_tells_them(site: Site) -> None:
    site.replicas(site.start(WEB))
    container = site.client.containers.get(WEB)

    container.pause()
    assert site.seen(WEB)["state"] == "paused"
    container.unpause()
    container.kill()
    container.wait()
    seen = site.seen(WEB)
    assert (seen["state"], seen["exit_code"]) == ("exited", 137)
    assert seen["address"] == "198.19.200.2"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", "does not answer GET /_ping: timed out"),
        (b"SSH-2.0-OpenSSH\r\n", "does not speak HTTP"),
        (b"HTTP/1.0 200 OK\r\n\r\n", "what answers is no Docker Engine"),
        (b"HTTP/1.0 200 OK\r\nApi-Version: 1.41\r\n\r\n[{", "broke off its answer"),
        (b'HTTP/1.0 500 No\r\nApi-Version: 1.41\r\n\r\n{"message": "disk full"}', "disk full"),
    ],
    ids=["hangs", "other-protocol", "other-service", "half-an-answer", "refuses"],
)
def test_a_broken_engine_is_told_and_hides_nothing_else(
    site: Site, tmp_path: Path, answer: bytes, expected: str
) -> None:
    with listener(tmp_path / "docker.sock", answer):
        began = time.monotonic()
        seen = look(site, docker_socket=str(tmp_path / "docker.sock"))

    assert time.monotonic() - began < 15
    assert seen["engine"]["state"] == "stopped"
    assert expected in seen["engine"]["detail"]
    assert NOTHING.items() <= seen.items()
    assert seen["consul"]["state"] == "running"


def test_an_engine_that_sleeps_is_not_woken(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind systemd's socket, whoever connects starts the engine; the network program would, too."""
    write_program(tmp_path, "touch $(dirname $0)/woken", name="network")
    write_program(tmp_path, f"cat <<END\n{SLEEPING}\nEND", name="systemctl")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    seen = look(site, program_dir=str(tmp_path))

    assert seen["engine"] == {
        "state": "stopped",
        "version": "",
        "labels": {},
        "detail": "docker.service is inactive",
    }
    assert seen["network"]["problems"] == [
        "the network was not checked: the Docker Engine is stopped"
    ]
    assert not (tmp_path / "woken").exists()


def test_what_is_not_there_is_absent(site: Site, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    seen = look(
        site, consul_config_dir=missing, consul_url="http://127.0.0.1:9", program_dir=missing
    )

    assert seen["consul"] == {"state": "absent", "leader": "", "services": []}
    assert seen["network"]["state"] == "absent"
    assert seen["proxy"] == {
        "state": "absent",
        "routes": "",
        "problems": [],
        "bind": {"address": "", "port": 0},
        "listening": [],
        "addresses": [],
    }


@pytest.mark.skipif(Path("/usr/bin/consul").exists(), reason="this machine has a Consul")
def test_an_agent_that_has_lost_its_program_is_absent(site: Site, tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"

    stopped = look(site, consul_url=nobody)["consul"]
    lost = look(site, consul_url=nobody, program_dir=str(tmp_path))["consul"]

    assert (stopped["state"], lost["state"]) == ("stopped", "absent")


@pytest.mark.parametrize(
    ("program", "state", "problem"),
    [
        ("""echo '{"state": "ok", "problems": []}'""", "ok", ""),
        (
            """echo '{"state": "drifted", "problems": ["no route"]}'; exit 1""",
            "drifted",
            "no route",
        ),
        ("echo nonsense", "drifted", "the network cannot be checked"),
        ("echo broken >&2; exit 1", "drifted", "broken"),
    ],
    ids=["ok", "drifted", "nonsense", "fails"],
)
def test_the_network_is_what_its_program_says(
    site: Site, tmp_path: Path, program: str, state: str, problem: str
) -> None:
    write_program(tmp_path, program)

    network = look(site, program_dir=str(tmp_path))["network"]

    assert network["state"] == state
    assert problem in "".join(network["problems"])


def test_a_changed_configuration_of_the_proxy_is_told(site: Site, tmp_path: Path) -> None:
    configuration = tmp_path / "haproxy.cfg"
    bind = {"address": "*", "port": 80}
    record = {"routes": "abc", "sha256": "0" * 64, "bind": bind}
    (tmp_path / "proxy.json").write_text(json.dumps(record))
    places = {"record_dir": str(tmp_path), "proxy_config": str(configuration)}

    missing = look(site, **places)["proxy"]
    configuration.write_text("changed by hand")
    changed = look(site, **places)["proxy"]

    assert (changed["state"], changed["routes"], changed["bind"]) == ("stopped", "abc", bind)
    assert "127.0.0.1" in changed["addresses"]
    assert f"{configuration} is missing" in missing["problems"]
    assert f"{configuration} differs from what was written" in changed["problems"]
