"""Flags that several commands share, named as Ansible's users know them."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from orchestrate.adapters import settings
from orchestrate.adapters.ansible.inventory import default_sources
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.app import App, load_files
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err
from orchestrate.errors import InputError
from orchestrate.link import Link
from orchestrate.spec import Loaded

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _together(*decorators: Decorator) -> Decorator:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


cluster_options = _together(
    click.option(
        "-i",
        "--inventory",
        multiple=True,
        metavar="SOURCE",
        envvar="ORCHESTRATE_INVENTORY",
        help="Inventory, as for ansible-playbook; repeatable. Default: ansible.cfg's.",
    ),
    click.option(
        "--settings", metavar="FILE", help="Default: orchestrate.yml, here or beside SOURCE."
    ),
    click.option(
        "-e", "--extra-vars", multiple=True, metavar="VARS", help="As for ansible-playbook."
    ),
    click.option("-b", "--become", is_flag=True, help="Become root on the nodes."),
    click.option(
        "--vault-password-file", multiple=True, metavar="FILE", help="As for ansible-playbook."
    ),
    click.option("--vault-id", multiple=True, metavar="ID", help="As for ansible-playbook."),
)
limit_option = click.option(
    "-l", "--limit", default="", metavar="PATTERN", help="Change only these hosts; look at all."
)
lock_option = click.option(
    "--lock-wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="Wait for another cycle to end.  [default: 0]",
)
json_option = click.option(
    "-o", "--output", type=click.Choice(["table", "json"]), default="table", show_default=True
)
file_option = click.option(
    "-f", "--file", multiple=True, metavar="FILE", help="Compose file; repeatable, later ones win."
)


def make_app(flags: dict[str, Any], teller: Progress | None = None) -> App:
    """The command's App, from the flags of `cluster_options` and what else it took."""
    sources = tuple(flags["inventory"]) or default_sources()
    _refuse_prompts(flags["vault_id"])
    teller = teller or Progress()
    link = Link(
        options=AnsibleOptions(
            inventory=sources,
            extra_vars=tuple(flags["extra_vars"]),
            vault_password_files=tuple(flags["vault_password_file"]),
            vault_ids=tuple(flags["vault_id"]),
            become=flags["become"],
            check=flags.get("check", False),
            diff=flags.get("diff", False),
            limit=flags.get("limit", ""),
        ),
        settings=settings.load(settings.find(flags["settings"], sources)),
        teller=teller,
        lock_wait_s=flags.get("lock_wait", 0),
        on_event=teller.heard,
        stopped=teller.stopped,
    )
    return App(link=link, command=shown_command(sys.argv[1:], flags["extra_vars"]))


def shown_command(words: Sequence[str], extra_vars: Sequence[str]) -> str:
    """The command as others see it while it holds the lock; what variables are given is nobody's business."""
    for value in extra_vars:
        if not value.startswith("@"):
            words = [word.replace(value, "(hidden)") for word in words]
    return shlex.join(["orchestrate", *words])


def _refuse_prompts(ids: Sequence[str]) -> None:
    """Every `ansible-playbook` of a cycle would ask again, and cron has nobody to answer."""
    asking = [
        name for name in ids if name.rpartition("@")[2] in {"prompt", "prompt_ask_vault_pass"}
    ]
    if asking:
        raise InputError(
            f"--vault-id {asking[0]}: asks for a password: name a file with it, or a program that tells it"
        )


def loaded(names: tuple[str, ...]) -> Loaded | None:
    """The project of the files named, its warnings said; None when none was named."""
    if not names:
        return None
    found = load_files(names, dict(os.environ))
    for warning in found.warnings:
        err.print(f"warning: {warning}", style="yellow", markup=False)
    return found
