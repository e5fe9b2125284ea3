"""The environment that Ansible is started in."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from orchestrate.adapters.ansible.environment import ansible_environment


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"LC_ALL": "C"}, id="c"),
        pytest.param({"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, id="stronger-than-lang"),
        pytest.param({"LANG": "xx_XX.UTF-8"}, id="not-installed"),
        pytest.param({"LC_CTYPE": "xx_XX.UTF-8", "LANG": "C.UTF-8"}, id="of-another-machine"),
    ],
)
def test_ansible_starts_whatever_the_locale(given: dict[str, str]) -> None:
    environment = {"PATH": os.environ["PATH"], **given}
    environment |= ansible_environment(environment)

    started = subprocess.run(
        [sys.executable, "-c", "import ansible.cli"],
        env=environment,
        capture_output=True,
        check=False,
    )

    assert (started.returncode, started.stderr) == (0, b"")


@pytest.mark.parametrize(
    "given", [{"LANG": "C.UTF-8"}, {"LANG": "C.utf8"}, {"LANG": "xx_XX", "LC_ALL": "C.UTF-8"}]
)
def test_a_locale_with_utf_8_is_kept(given: dict[str, str]) -> None:
    assert "LC_ALL" not in ansible_environment(given)
