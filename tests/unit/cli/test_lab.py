"""`orchestrate lab` where its extra is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT_SDK = """
import sys

class NoSdk:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "docker":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoSdk())
from orchestrate.cli import main
main(sys.argv[1:])
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_SDK, *words]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize(
    "words", [["up", "--nodes", "3"], ["ssh", "n1", "uptime"], ["status", "-o", "json"], []]
)
def test_it_says_what_is_missing_and_how_to_install_it(words: list[str]) -> None:
    done = run("lab", *words)

    assert done.returncode == 4
    assert done.stdout == ""
    assert " ".join(done.stderr.split()) == (
        "`orchestrate lab` needs the Docker SDK for Python, which is not installed here: "
        "`pipx install --force '.[lab]'`, in a checkout, installs the extra that has it."
    )


def test_the_other_commands_do_without() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert "lab " in done.stdout
