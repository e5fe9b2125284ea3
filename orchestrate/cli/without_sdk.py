"""`orchestrate lab` where the extra that it needs is not installed."""

from __future__ import annotations

from typing import NoReturn

import click

from orchestrate.errors import InputError


def is_docker_sdk(module: str | None) -> bool:
    return (module or "").partition(".")[0] == "docker"


@click.command(
    "lab",
    help="Real nodes on this machine; needs the extra `lab`: `pipx install --force '.[lab]'`.",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def lab_without_sdk(words: tuple[str, ...]) -> NoReturn:  # noqa: ARG001 - whatever is asked of it
    raise InputError(
        "`orchestrate lab` needs the Docker SDK for Python, which is not installed here: "
        "`pipx install --force '.[lab]'`, in a checkout, installs the extra that has it."
    )
