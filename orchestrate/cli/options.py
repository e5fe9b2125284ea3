"""Flags that several commands share, named as Ansible's users know them."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from orchestrate.adapters import files, settings
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.sources import NoInventoryError, default_sources
from orchestrate.adapters.ansible.variables import (
    AnsibleVariables,
    Values,
    read_extra,
    read_shared,
)
from orchestrate.adapters.names import Names, names_file, save_names
from orchestrate.cli.names import FILE, NODE
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err
from orchestrate.commands.app import App, load_files
from orchestrate.commands.session import Session
from orchestrate.errors import InputError
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.settings import Settings
from orchestrate.spec import Loaded, Request
from orchestrate.views.selector import replica_names

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _together(*decorators: Decorator) -> Decorator:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


source_options = _together(
    click.option(
        "-i",
        "--inventory",
        multiple=True,
        metavar="SOURCE",
        type=FILE,
        envvar="ORCHESTRATE_INVENTORY",
        help="Inventory, as for ansible-playbook; repeatable. Default: ansible.cfg's.",
    ),
    click.option(
        "--settings",
        metavar="FILE",
        type=FILE,
        help="Default: orchestrate.yml, here or beside SOURCE.",
    ),
    click.option(
        "-e", "--extra-vars", multiple=True, metavar="VARS", help="As for ansible-playbook."
    ),
    click.option(
        "--vault-password-file",
        multiple=True,
        metavar="FILE",
        type=FILE,
        help="As for ansible-playbook.",
    ),
    click.option("--vault-id", multiple=True, metavar="ID", help="As for ansible-playbook."),
)
cluster_options = _together(
    source_options,
    click.option("-b", "--become", is_flag=True, help="Become root on the nodes."),
)
limit_option = click.option(
    "-l",
    "--limit",
    default="",
    metavar="PATTERN",
    type=NODE,
    help="Change only these hosts; look at all.",
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
        type=FILE,
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
        type=FILE,
        help="Variables, instead of .env; repeatable, later ones win.",
    ),
)


def make_app(flags: dict[str, Any], reporter: Progress | None = None) -> App:
    """The command's App, from the flags of `cluster_options` and what else it took."""
    reporter = reporter or Progress()
    link = Session(
        inventory=read_inventory(flags),
        reporter=reporter,
        lock_wait_s=flags.get("lock_wait", 0),
        on_event=reporter.heard,
        on_look=partial(_remember, names_file(flags["inventory"])),
        stopped=reporter.stopped,
    )
    return App(link=link, command=shown_command(sys.argv[1:], flags["extra_vars"]))


def _remember(file: Path, nodes: Sequence[ObservedNode]) -> None:
    """What was seen is what completion offers next."""
    save_names(file, Names([node.name for node in nodes], [*replica_names(nodes)]))


def read_inventory(flags: dict[str, Any]) -> Inventory:
    """The one inventory of the command; its sources are read when they are first asked."""
    known: dict[str, Inventory] = click.get_current_context().meta
    if _INVENTORY not in known:
        _refuse_prompts(flags["vault_id"])
        sources = tuple(flags["inventory"]) or default_sources()
        found = settings.load(settings.find(flags["settings"], sources))
        known[_INVENTORY] = Inventory(_ansible_options(flags, sources), found)
    return known[_INVENTORY]


_INVENTORY = f"{__name__}.inventory"


def _ansible_options(flags: dict[str, Any], sources: tuple[str, ...]) -> AnsibleOptions:
    return AnsibleOptions(
        inventory=sources,
        extra_vars=tuple(flags["extra_vars"]),
        vault_password_files=tuple(flags["vault_password_file"]),
        vault_ids=tuple(flags["vault_id"]),
        become=flags.get("become", False),
        check=flags.get("check", False),
        diff=flags.get("diff", False),
        limit=flags.get("limit", ""),
    )


def shown_command(words: Sequence[str], extra_vars: Sequence[str]) -> str:
    """The command as others see it while it holds the lock, without the values of variables."""
    hidden = {value for value in extra_vars if value and not value.startswith("@")}
    return shlex.join(["orchestrate", *(_masked(word, hidden) for word in words)])


def _masked(word: str, hidden: Collection[str]) -> str:
    """A value is a word of its own, or the end of its option's word: `-eVALUE`, `--extra-vars=VALUE`."""
    for value in sorted(hidden, key=len, reverse=True):
        option = word.removesuffix(value)
        if not option or (option != word and option.startswith("-") and option != "-"):
            return f"{option}(hidden)"
    return word


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
    found = read_files(flags)
    for warning in found.warnings:
        err.print(f"warning: {warning}", style="yellow", markup=False)
    return found


def read_files(flags: dict[str, Any]) -> Loaded:
    """The same, and nothing said."""
    request = Request(
        project_name=flags["project_name"],
        profiles=tuple(flags["profile"]),
        env_files=tuple(flags["env_file"]),
        extra=AnsibleVariables(lambda: _extra(flags)),
        shared=AnsibleVariables(lambda: _shared(flags)),
    )
    return load_files(named_files(flags), os.environ, request)


def _extra(flags: dict[str, Any]) -> Values:
    """Without an inventory it is as if there were one of this machine alone."""
    if not flags["extra_vars"]:
        return {}
    try:
        inventory = read_inventory(flags)
    except NoInventoryError:
        inventory = Inventory(_ansible_options(flags, ("localhost,",)), Settings())
    return read_extra(inventory)


def _shared(flags: dict[str, Any]) -> Values:
    """Those of the inventory; a file that no cluster is asked for may be without one."""
    try:
        inventory = read_inventory(flags)
    except NoInventoryError:
        return {}
    return read_shared(inventory)


def named_files(flags: dict[str, Any]) -> tuple[str, ...]:
    return tuple(flags["file"]) or (files.default_file(),)
