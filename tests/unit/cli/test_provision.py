"""`provision`: without hosts there is nothing to be proud of."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrate.cli import main


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "no such file", id="missing"),
        pytest.param("all: {hosts: {}}\n", "matches no host", id="empty"),
    ],
)
def test_an_inventory_without_hosts_is_an_error(
    text: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inventory = tmp_path / "hosts.yml"
    if text is not None:
        inventory.write_text(text)

    with pytest.raises(SystemExit) as ended:
        main(["provision", "-i", str(inventory)])

    assert ended.value.code == 4
    assert said in capsys.readouterr().err
