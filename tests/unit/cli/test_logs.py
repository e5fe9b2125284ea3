"""What `orchestrate logs` takes, and how it shows a line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from orchestrate.cli.logs import logs


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--tail", "-1"),
        ("--tail", "some"),
        ("--tail", ""),
        ("--since", "10d"),
        ("--since", "yesterday"),
        ("--since", "10m; id"),
        ("--since", "--follow"),
    ],
)
def test_what_docker_would_not_understand_is_refused(flag: str, value: str) -> None:
    ran = CliRunner().invoke(logs, [f"{flag}={value}"])

    assert ran.exit_code == 2
    assert f"Invalid value for '{'-n' if flag == '--tail' else flag}'" in ran.output
    assert repr(value) in ran.output
