"""What a table shows of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from orchestrate.cli.screen import show_rows


@dataclass(frozen=True)
class Row:
    replica: str
    ports: tuple[str, ...] = ()
    started_at: str = ""


def test_moments_are_read_to_the_second(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Row("shop/web.1", started_at="2026-11-29T13:18:52.902121214Z"), Row("shop/web.2")]

    show_rows(rows, Row)

    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert shown == [
        ["REPLICA", "STARTED"],
        ["shop/web.1", "2026-11-29T13:18:52Z"],
        ["shop/web.2"],
    ]
