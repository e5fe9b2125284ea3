"""Configs and secrets: files in memory that a container finds, and that go with it."""

from __future__ import annotations

import shutil
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from orchestrate.lab.inside import run_inside
from tests.contract.modules.site import LABELS, PROJECT, Site, stop

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
KEY = "/run/secrets/key"
VALUE = b"correct horse\x00\xff\n"


@pytest.fixture
def directory(parameters: dict[str, str]) -> Path:
    return Path(parameters["file_dir"])


def file(target: str = KEY, content: bytes = VALUE, **fields: Any) -> dict[str, Any]:
    return {"target": target, "content": b64encode(content).decode(), **fields}


def start(site: Site, *files: dict[str, Any], name: str = WEB, **changes: Any) -> dict[str, Any]:
    """A start, run; the answer."""
    return site.replicas({**site.start(name, **changes), "files": list(files)})


def inside(site: Site, *command: str, name: str = WEB) -> bytes:
    ended = run_inside(site.client.containers.get(name), command, user="0")
    assert ended.code == 0, ended
    return ended.out


def detail(answer: dict[str, Any]) -> str:
    assert not answer.get("failed"), answer["msg"]
    return str(answer["results"][0]["detail"])


def test_a_container_finds_its_files_with_owner_and_mode(site: Site) -> None:
    plain = file("/etc/app/app.conf", b"colour = green\n")

    answer = start(site, file(uid=1000, gid=2000, mode="0440"), plain)

    assert detail(answer) == "files written, created, started, registered"
    assert inside(site, "cat", KEY) == VALUE
    assert inside(site, "stat", "-c", "%u %g %a", KEY) == b"1000 2000 440\n"
    assert inside(site, "stat", "-c", "%u %g %a", "/etc/app/app.conf") == b"0 0 444\n"
    refused = run_inside(site.client.containers.get(WEB), ["sh", "-c", f"echo x > {KEY}"], user="0")
    assert refused.code != 0


def test_the_node_tells_of_them_and_not_what_is_in_them(site: Site) -> None:
    mount = {"type": "bind", "source": "/etc", "target": "/a/etc", "read_only": True}
    start(site, file(mode="0400"), mounts=[mount])

    seen = site.seen(WEB)

    assert seen["files"] == {KEY: "0:0 0400"}
    assert mount in seen["config"]["mounts"]
    assert KEY not in [one["target"] for one in seen["config"]["mounts"]]
    assert VALUE.decode(errors="replace").split()[0] not in str(site.look())


def test_only_root_of_the_node_can_look(site: Site, directory: Path) -> None:
    start(site, file())

    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / WEB / KEY[1:]).read_bytes() == VALUE


def test_the_second_time_there_is_nothing_to_do(site: Site) -> None:
    start(site, file())
    before = site.seen(WEB)

    answer = start(site, file())

    assert (answer["changed"], detail(answer)) == (False, "nothing to do")
    assert site.seen(WEB) == before


def test_check_mode_says_the_same_and_writes_nothing(site: Site, directory: Path) -> None:
    action = {**site.start(WEB), "files": [file()]}

    foreseen = site.replicas(action, check=True)

    assert not directory.exists()
    assert foreseen["results"] == site.replicas(action)["results"]


def test_they_go_with_their_container(site: Site, directory: Path) -> None:
    other = f"{WEB}-other"
    start(site, file())
    start(site, file(), name=other)

    site.replicas(stop(WEB))

    assert [path.name for path in directory.iterdir()] == [other]


def test_so_do_those_that_an_interrupted_call_has_left(site: Site, directory: Path) -> None:
    start(site, file())
    (directory / "never-made").mkdir()

    start(site, file())

    assert [path.name for path in directory.iterdir()] == [WEB]


def test_after_a_boot_they_are_missed_and_written_anew(site: Site, directory: Path) -> None:
    """The memory of the node is empty then; the engine must not put a directory in a file's place."""
    start(site, file())
    container = site.client.containers.get(WEB)
    container.stop(timeout=1)
    shutil.rmtree(directory)

    with pytest.raises(Exception, match="does not exist"):
        container.start()
    assert site.seen(WEB)["files"] == {KEY: "missing"}
    assert not directory.exists()

    assert detail(start(site, file())) == "files written, started, registered"
    assert inside(site, "cat", KEY) == VALUE
    assert site.seen(WEB)["id"] == container.id


def test_what_runs_sees_what_is_put_right(site: Site, directory: Path) -> None:
    start(site, file(mode="0400"))
    path = directory / WEB / KEY[1:]
    path.chmod(0o644)
    path.write_bytes(b"changed by hand, and longer than it was before")

    answer = start(site, file(mode="0400"))

    assert detail(answer) == "files written"
    assert inside(site, "cat", KEY) == VALUE
    assert inside(site, "stat", "-c", "%a", KEY) == b"400\n"


def test_a_container_that_was_renamed_keeps_its_own(site: Site, directory: Path) -> None:
    start(site, file())
    renamed = f"{PROJECT}-renamed"
    site.client.containers.get(WEB).rename(renamed)
    shutil.rmtree(directory)

    start(site, file(), name=renamed)

    assert [path.name for path in directory.iterdir()] == [WEB]
    assert site.seen(renamed)["files"] == {KEY: "0:0 0444"}


def test_nothing_is_written_to_a_disk(site: Site) -> None:
    on_disk = Path("/var/lib") / f"{PROJECT}-files"
    parameters = {**site.parameters, "file_dir": str(on_disk)}

    answer = Site(site.client, site.image, parameters).replicas(
        {**site.start(WEB), "files": [file()]}
    )

    assert "not in memory: secrets are written to a tmpfs only" in answer["msg"]
    assert not on_disk.exists()
    assert site.seen(WEB) == {}


def test_no_answer_quotes_them(site: Site) -> None:
    """Not even what the container itself has logged of them before it ended."""
    content = b"line-one-of-it\nline-two-of-it\n"
    loud: dict[str, Any] = {"entrypoint": ["/bin/sh", "-c", f"cat {KEY} >&2; exit 3"]}

    answer = start(site, file(content=content), restart="no", **loud)

    assert "exited with code 3" in answer["msg"]
    assert "line-" not in str(answer)
    assert b64encode(content).decode() not in str(answer)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mode": "292"}, "no mode such as '0444'"),
        ({"content": "not base64!"}, "this is not Base64"),
        ({"target": "/../../etc/passwd"}, "no path in a container"),
        ({"target": "relative"}, "no path in a container"),
    ],
    ids=["mode", "content", "outside", "relative"],
)
def test_what_makes_no_sense_is_refused(site: Site, changes: dict[str, Any], message: str) -> None:
    answer = site.replicas({**site.start(WEB), "files": [{**file(), **changes}]})

    assert answer["failed"]
    assert message in answer["msg"]
    assert site.seen(WEB) == {}


def test_they_are_no_labels_and_no_variables(site: Site) -> None:
    start(site, file(content=b"correct-horse"))

    shown = str(site.client.containers.get(WEB).attrs)

    assert "correct-horse" not in shown
    assert LABELS.items() <= site.client.containers.get(WEB).labels.items()
