"""`orchestrate lab`: throw-away clusters on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from orchestrate.lab.lifecycle import LabRequest, bring_up, take_down


class _Plain:
    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        click.echo(text)
        yield


@click.group()
def lab() -> None:
    """Real nodes on one machine, to try and to test with."""


@lab.command()
@click.option("--name", default="dev", show_default=True)
@click.option("--nodes", type=int)
@click.option("--bare", is_flag=True)
def up(name: str, nodes: int | None, bare: bool) -> None:
    """Start a lab, or what is missing of it."""
    click.echo(bring_up(LabRequest(name, nodes, "bare" if bare else "full"), _Plain()).inventory)


@lab.command()
@click.option("--name", default="dev", show_default=True)
def down(name: str) -> None:
    """Remove a lab."""
    take_down(name, _Plain())


if __name__ == "__main__":
    lab()
