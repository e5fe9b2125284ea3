"""What `orchestrate logs` takes, and how it shows a line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from orchestrate.cli.logs import Text, logs, show_lines
from orchestrate.model.log import LogLine, Unread


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


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        pytest.param([], "Nothing was logged.\n", id="nothing"),
        pytest.param([LogLine(replica="a/b.1", node="n1", at="", text="x")], "", id="a-line"),
        pytest.param([Unread(node="n1", reason="no way")], "n1: no way\n", id="unread"),
    ],
)
def test_that_there_is_nothing_is_said(
    capsys: pytest.CaptureFixture[str], lines: list[LogLine | Unread], complaint: str
) -> None:
    show_lines(lines, Text(has_times=False))

    assert capsys.readouterr().err == complaint
