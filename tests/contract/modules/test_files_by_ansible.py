"""From Ansible's vault into a container, and nowhere else: what plain Ansible and our runs leave behind."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.process import run_playbook
from orchestrate.lab.inside import run_inside
from tests.contract.modules.site import PROJECT, Site
from tests.contract.modules.test_by_ansible import ansible
from tests.vaults import password_file, vaulted, vaulted_variable

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
PASSWORD = "open-sesame"
OF_A_VARIABLE, OF_A_FILE = "correct-horse-battery", "staple-of-a-vaulted-file"
VALUES = (OF_A_VARIABLE, OF_A_FILE)
TRACES = [text for value in VALUES for text in (value, b64encode(value.encode()).decode())]
TASK = "orchestrate.cluster.replicas"


@pytest.fixture
def play(site: Site, tmp_path: Path) -> str:
    """A playbook for localhost that starts a container with both; its path."""
    (tmp_path / "key.txt").write_text(vaulted(OF_A_FILE.encode(), PASSWORD))
    (tmp_path / "variables.yml").write_text(
        f"db_password: {vaulted_variable(OF_A_VARIABLE, PASSWORD)}\n"
    )
    files = [
        {"target": "/run/secrets/password", "source": {"variable": "db_password"}, "mode": "0400"},
        {"target": "/run/secrets/key", "source": {"file": str(tmp_path / "key.txt")}},
    ]
    return written(tmp_path, site, {**site.start(WEB), "files": files})


def written(directory: Path, site: Site, action: dict[str, Any]) -> str:
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": sys.executable, "ansible_connection": "local"},
        "vars_files": [str(directory / "variables.yml")],
        "tasks": [{"name": TASK, TASK: {**site.parameters, "actions": [action]}}],
    }
    file = directory / "play.yml"
    file.write_text(json.dumps([play]))
    return str(file)


def traces_below(*directories: Path) -> list[str]:
    """The files that hold a value, as it is or as it travels."""
    files = (file for directory in directories for file in directory.rglob("*") if file.is_file())
    return [str(file) for file in files if any(one.encode() in file.read_bytes() for one in TRACES)]


def inside(site: Site, path: str) -> str:
    return run_inside(site.client.containers.get(WEB), ["cat", path], user="0").out.decode()


def test_all_that_ansible_says_leaves_them_out(site: Site, tmp_path: Path, play: str) -> None:
    words = (play, "-vvvvv", "--diff", "--vault-password-file", password_file(tmp_path, PASSWORD))

    foreseen = ansible("playbook", *words, "--check", home=tmp_path)
    done = ansible("playbook", *words, home=tmp_path)

    for output in (foreseen, done):
        assert "files written, created, started, registered" in output
        assert [one for one in TRACES if one in output] == []
    assert inside(site, "/run/secrets/password") == OF_A_VARIABLE
    assert inside(site, "/run/secrets/key") == OF_A_FILE
    assert traces_below(tmp_path) == []
    assert [one for one in TRACES if one in str(site.client.containers.get(WEB).attrs)] == []


@pytest.mark.parametrize("fails", [False, True], ids=["well", "failed"])
def test_a_run_leaves_no_trace(tmp_path: Path, play: str, fails: bool) -> None:
    """One that fails neither, though the container itself has told everybody."""
    if fails:
        (found,) = json.loads(Path(play).read_text())
        config = found["tasks"][0][TASK]["actions"][0]["config"]
        config |= {"entrypoint": ["sh", "-c", "cat /run/secrets/*; exit 3"], "restart": "no"}
        Path(play).write_text(json.dumps([found]))
    directory = tmp_path / "run"
    directory.mkdir()
    options = AnsibleOptions(
        inventory=("localhost,",),
        vault_password_files=(password_file(tmp_path, PASSWORD),),
        diff=True,
    )

    run = run_playbook(Path(play), options, directory)

    assert run.status == ("failed" if fails else "successful"), run.output
    assert bool(run.failures) == fails
    assert [one for one in TRACES if one in f"{run.failures} {run.results}"] == []
    assert traces_below(tmp_path) == []


def test_arguments_that_are_refused_are_repeated_without_them(tmp_path: Path, play: str) -> None:
    (found,) = json.loads(Path(play).read_text())
    found["tasks"][0][TASK]["actions"][0]["files"][0]["owner"] = "root"
    Path(play).write_text(json.dumps([found]))

    output = ansible(
        "playbook",
        *(play, "-vvvvv", "--vault-password-file", password_file(tmp_path, PASSWORD)),
        home=tmp_path,
    )

    assert "Unsupported parameters" in output
    assert [one for one in TRACES if one in output] == []


@pytest.mark.parametrize("password", ["", "wrong"], ids=["without", "wrong"])
def test_a_vault_that_stays_closed_starts_nothing(
    site: Site, tmp_path: Path, play: str, password: str
) -> None:
    given = ["--vault-password-file", password_file(tmp_path, password)] if password else []

    output = ansible("playbook", play, *given, home=tmp_path)

    assert f"replica {WEB}: /run/secrets/password: variable db_password: is vaulted" in output
    assert "--vault-password-file" in output
    assert site.seen(WEB) == {}


def test_the_action_whose_file_cannot_be_read_is_named(tmp_path: Path, play: str) -> None:
    directory = tmp_path / "run"
    directory.mkdir()

    run = run_playbook(Path(play), AnsibleOptions(inventory=("localhost,",)), directory)

    ((result,),) = [failure.actions for failure in run.failures]
    assert (result.index, result.failed) == (0, True)
    assert result.detail.startswith(f"replica {WEB}: /run/secrets/password: ")


@pytest.mark.parametrize(
    "source",
    ["text", {}, {"file": "/a", "content": "b"}, {"lookup": "x"}],
    ids=["text", "none", "two", "unknown"],
)
def test_a_source_that_is_none_is_refused(site: Site, tmp_path: Path, source: Any) -> None:
    (tmp_path / "variables.yml").write_text("{}")
    action = {**site.start(WEB), "files": [{"target": "/key", "source": source}]}

    output = ansible("playbook", written(tmp_path, site, action), home=tmp_path)

    assert "/key: its source is one of file, environment, variable, content" in output


def test_a_text_is_no_template(site: Site, tmp_path: Path) -> None:
    """Not even in a written plan, where `!unsafe` tells Ansible so."""
    (tmp_path / "variables.yml").write_text("{}")
    action = {**site.start(WEB), "files": [{"target": "/motd", "source": {"content": "MARK"}}]}
    file = Path(written(tmp_path, site, action))
    file.write_text(file.read_text().replace('"MARK"', "!unsafe '{{ 7 * 7 }}'"))

    ansible("playbook", str(file), home=tmp_path)

    assert inside(site, "/motd") == "{{ 7 * 7 }}"
