"""Flags that several commands share, named as Ansible's users know them."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from orchestrate.adapters import files, settings
from orchestrate.adapters.ansible.inventory import default_sources
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.app import App, load_files
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err
from orchestrate.errors import InputError
from orchestrate.link import Link
from orchestrate.spec import Loaded, Request

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
file_options = _together(
    click.option(
        "-f",
        "--file",
        multiple=True,
        metavar="FILE",
        help="Compose file; repeatable, later ones win.",
    ),
    click.option(
        "-p", "--project-name", default="", metavar="NAME", help="Name of the project of FILE."
    ),
    click.option(
        "--profile",
        multiple=True,
        metavar="NAME",
        help="Run the services of FILE with this profile, too; repeatable, * for all.",
    ),
    click.option(
        "--env-file",
        multiple=True,
        metavar="FILE",
        help="Variables, instead of .env; repeatable, later ones win.",
    ),
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


def loaded_or_none(flags: dict[str, Any]) -> Loaded | None:
    """The project of the files named; None when none was named."""
    if flags["file"]:
        return loaded(flags)
    for key in ("project_name", "profile", "env_file"):
        if flags[key]:
            raise InputError(f"--{key.replace('_', '-')} is about a file: name one with -f")
    return None


def loaded(flags: dict[str, Any]) -> Loaded:
    """The project of the files named, or of the one here, its warnings said."""
    request = Request(
        project_name=flags["project_name"],
        profiles=tuple(flags["profile"]),
        env_files=tuple(flags["env_file"]),
    )
    found = load_files(named_files(flags), os.environ, request)
    for warning in found.warnings:
        err.print(f"warning: {warning}", style="yellow", markup=False)
    return found


def named_files(flags: dict[str, Any]) -> tuple[str, ...]:
    return tuple(flags["file"]) or (files.default_file(),)
