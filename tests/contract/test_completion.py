"""The scripts of `orchestrate completion`, in the shells that they are for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from orchestrate.adapters.names import Names, names_file, read_names, save_names
from orchestrate.cli import main

pytestmark = pytest.mark.contract
NAMES = Names(["n1", "n2"], ["shop/web.1@n1", "shop/web.2@n2"])
SHELLS = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
SOURCED = {
    "bash": "source <(orchestrate completion bash)",
    "zsh": "autoload -U compinit; compinit -u; source <(orchestrate completion zsh)",
    "fish": "orchestrate completion fish | source",
}
SHOWN = {  # the words of a command, instead of running it
    "bash": "orchestrate() { printf '<%s>' \"$@\"; }",
    "zsh": "orchestrate() { printf '<%s>' \"$@\"; }",
    "fish": "function orchestrate; printf '<%s>' $argv; end",
}
DEADLINE_S = 15


@pytest.fixture(params=SHELLS)
def shell(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pexpect.spawn]:
    """A shell of a person who has sourced the script, in a directory with one Compose file."""
    name: str = request.param
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("ORCHESTRATE_INVENTORY", "hosts.yml")
    monkeypatch.chdir(tmp_path)
    save_names(names_file(["hosts.yml"]), NAMES)
    (tmp_path / "a-compose-file.yml").touch()
    child = pexpect.spawn(
        program, SHELLS[name], dimensions=(50, 200), timeout=DEADLINE_S, encoding="utf-8"
    )
    child.sendline(SOURCED[name])
    child.sendline(SHOWN[name])
    child.sendline("echo re''ady")
    child.expect("ready")
    yield child
    child.close(force=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("conv", ["converge"], id="command"),
        pytest.param("drain --dead", ["drain", "--deadline"], id="option"),
        pytest.param("logs shop/web.2", ["logs", "shop/web.2"], id="replica"),
        pytest.param("exec shop/web.2@", ["exec", "shop/web.2@n2"], id="on-a-node"),
        pytest.param("logs shop/web@n", ["logs", "shop/web@n"], id="on-one-of-two-nodes"),
        pytest.param("logs shop/web.1@n", ["logs", "shop/web.1@n1"], id="on-the-node"),
        pytest.param("down s", ["down", "shop"], id="project"),
        pytest.param("deploy -f a-co", ["deploy", "-f", "a-compose-file.yml"], id="file"),
    ],
)
def test_tab_completes_a_word(shell: pexpect.spawn, text: str, words: list[str]) -> None:
    shell.send(f"orchestrate {text}\t\n")

    shell.expect_exact("".join(f"<{word}>" for word in words))


def test_a_look_leaves_what_it_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """This machine is a node that answers; what runs on it does not matter here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    inventory = tmp_path / "hosts.ini"
    inventory.write_text(
        f"box ansible_connection=local ansible_python_interpreter={sys.executable}\n"
    )

    with pytest.raises(SystemExit):
        main(["logs", "-i", str(inventory)])

    assert read_names(names_file([str(inventory)])).nodes == ["box"], capfd.readouterr().err
