"""What a shell is answered: from the commands, from files, and from what the last look saw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from orchestrate.adapters.names import Names, names_file, save_names
from orchestrate.cli import cli, main
from orchestrate.cli.outline import command_of, kept_outline, outline_of

Completed = Callable[..., list[str]]
NAMES = Names(["n1", "n2"], ["shop/web.1@n1", "shop/web.2@n2", "shop/db.1@n1", "blog/web.1@n2"])


@pytest.fixture
def completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Completed:
    """Complete the last word in a shell like fish, where it is not split further."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ORCHESTRATE_INVENTORY", "hosts.yml")
    save_names(names_file(["hosts.yml"]), NAMES)
    save_names(names_file(["other.yml"]), Names(["m1"], ["wiki/web.1@m1"]))

    def complete(*words: str, shell: str = "bash") -> list[str]:
        monkeypatch.setenv("_ORCHESTRATE_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", "\n".join(["orchestrate", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        return capsys.readouterr().out.split()

    return complete


def plain(*values: str) -> list[str]:
    return [f"plain,{value}" for value in values]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        pytest.param(["con"], ["config", "converge"], id="command"),
        pytest.param(["lab", "un"], ["unpause"], id="command-of-a-group"),
        pytest.param(["drain", "--dead"], ["--deadline"], id="option"),
        pytest.param(["ps", "-o", "j"], ["json"], id="choice"),
        pytest.param(["completion", ""], ["bash", "zsh", "fish"], id="shells"),
        pytest.param(["down", ""], ["blog", "shop"], id="projects"),
        pytest.param(["logs", "s"], ["shop", "shop/db", "shop/web"], id="services"),
        pytest.param(["logs", "shop/w"], ["shop/web", "shop/web.1", "shop/web.2"], id="replicas"),
        pytest.param(["logs", "-f", "blog", "shop/d"], ["shop/db", "shop/db.1"], id="the-second"),
        pytest.param(["exec", "-u", "root", "b"], ["blog", "blog/web"], id="after-an-option"),
        pytest.param(["drain", "n"], ["n1", "n2"], id="nodes"),
        pytest.param(["drain", "rack2:!n"], ["rack2:!n1", "rack2:!n2"], id="pattern"),
        pytest.param(["converge", "-l", "n2"], ["n2"], id="limit"),
        pytest.param(["node", "forget", ""], ["n1", "n2"], id="forget"),
        pytest.param(["drain", "-i", "other.yml", ""], ["m1"], id="of-the-inventory-given"),
        pytest.param(["exec", "shop/web.1", "cat", ""], [], id="command-inside"),
    ],
)
def test_a_word_is_completed(completed: Completed, words: list[str], values: list[str]) -> None:
    assert completed(*words) == plain(*values)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["deploy", "-f", "comp"], id="compose-file"),
        pytest.param(["status", "-i", "comp"], id="inventory"),
        pytest.param(["plan", "-o", "comp"], id="plan"),
        pytest.param(["maintain", "--playbook", "comp"], id="playbook"),
    ],
)
def test_where_a_file_belongs_the_shell_offers_files(
    completed: Completed, words: list[str]
) -> None:
    assert completed(*words) == ["file,comp"]


def test_a_replica_of_one_node(completed: Completed) -> None:
    assert completed("logs", "blog/web.1@") == plain("blog/web.1@n2")
    assert completed("logs", "shop@") == plain("shop@n1", "shop@n2")


def test_bash_splits_a_word_at_its_at_sign(completed: Completed) -> None:
    """And replaces what begins there."""
    assert completed("logs", "shop/web.2", "@") == plain("@n2")
    assert completed("logs", "shop", "@", "n") == plain("@n1", "@n2")
    assert completed("logs", "@", "n") == []


def test_no_ansible_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys, orchestrate.cli as c\n"
        "try: c.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('ansible', 'consul', 'docker', 'numpy', 'yaml') if name in sys.modules])"
    )
    asked = {"_ORCHESTRATE_COMPLETE": "bash_complete", "COMP_WORDS": "o logs x", "COMP_CWORD": "2"}
    environment = {**os.environ, **asked, "XDG_STATE_HOME": str(tmp_path)}

    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()[-1]
        for _ in range(2)
    ]

    assert said[1] == "[]", "the outline was kept by the first"


def test_the_outline_is_made_anew_when_it_is_of_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    file = tmp_path / "orchestrate/commands.json"
    kept_outline(lambda: cli)
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "declared": []}))

    program = kept_outline(lambda: click.Command("other"))

    assert program.name == "other"
    assert kept_outline(lambda: cli).name == "other", "kept from then on"


def test_a_damaged_outline_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "orchestrate").mkdir()
    (tmp_path / "orchestrate/commands.json").write_text("{")

    assert kept_outline(lambda: cli).name == "cli"


def test_the_outline_has_every_command_and_option() -> None:
    def names(command: click.Command) -> dict[str, object]:
        context = click.Context(command)
        children = command.commands if isinstance(command, click.Group) else {}
        if isinstance(command, click.Group) and not children:
            found = {
                name: command.get_command(context, name) for name in command.list_commands(context)
            }
            children = {name: child for name, child in found.items() if child}
        return {
            "options": sorted(opt for param in command.get_params(context) for opt in param.opts),
            "commands": {name: names(child) for name, child in children.items()},
        }

    outline = json.loads(json.dumps(outline_of(cli, None)))

    assert names(command_of(outline)) == names(cli)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_this_program(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["completion", shell])

    assert ended.value.code == 0
    assert f"_ORCHESTRATE_COMPLETE={shell}_complete" in capsys.readouterr().out
