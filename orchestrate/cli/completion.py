"""`orchestrate completion`, and the answers to a shell that completes a word."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

from orchestrate.cli import COMPLETING, cli
from orchestrate.cli.outline import kept_outline

_PROGRAM = "orchestrate"


class _Bash(BashComplete):
    """bash splits words at an @ too: `shop/web@n` comes as three, and it replaces what begins at the @."""

    _before = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        if incomplete == "@" and args:
            *args, self._before = args
        elif args[-1:] == ["@"] and args[:-1]:
            *args, self._before, at = args
            incomplete = f"{at}{incomplete}"
        return args, f"{self._before}{incomplete}"

    def format_completion(self, item: CompletionItem) -> str:
        item.value = item.value.removeprefix(self._before)
        return super().format_completion(item)


add_completion_class(_Bash)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print a script by which this shell completes commands, options and names.

    For ~/.bashrc: `source <(orchestrate completion bash)`. Names of projects, services, replicas and nodes are
    those that the last look at the cluster saw; no node is asked.
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"there is no completion for {shell}")
    click.echo(kind(click.Command(_PROGRAM), {}, _PROGRAM, COMPLETING).source())
    return 0


def complete(instruction: str) -> NoReturn:
    """Answer a shell, which has put the words so far into the environment."""
    sys.exit(shell_complete(kept_outline(lambda: cli), {}, _PROGRAM, COMPLETING, instruction))
