"""What `orchestrate logs` takes, and how it shows a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
        ("--since", "2026-13-01"),
        ("--since", "--follow"),
    ],
)
def test_what_docker_would_not_understand_is_refused(flag: str, value: str) -> None:
    ran = CliRunner().invoke(logs, [f"{flag}={value}"])

    assert ran.exit_code == 2
    assert f"Invalid value for '{'-n' if flag == '--tail' else flag}'" in ran.output
    assert repr(value) in ran.output


@pytest.mark.parametrize(
    ("value", "since"),
    [
        ("", None),
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        ("1.5h250ms", timedelta(hours=1.5, milliseconds=250)),
        ("2026-11-29T13:00:00Z", datetime(2026, 11, 29, 13, tzinfo=UTC)),
        ("2026-11-29T13:00:00.5+02:00", datetime(2026, 11, 29, 11, 0, 0, 500_000, UTC)),
        ("2026-11-29", datetime(2026, 11, 29).astimezone()),
    ],
)
def test_since_when(value: str, since: datetime | timedelta | None) -> None:
    context = logs.make_context("logs", [f"--since={value}"])

    assert context.params["since"] == since


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
