"""Flags that several commands share, named as Ansible's users know them."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import click

from orchestrate.cli.names import FILE, NODE
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err
from orchestrate.commands.completion import remember_names
from orchestrate.commands.compose_files import default_file, load_files
from orchestrate.commands.inventory import Given
from orchestrate.commands.selector import replica_names
from orchestrate.commands.session import Session
from orchestrate.errors import InputError
from orchestrate.model.observed.node import ObservedNode
from orchestrate.spec import Loaded, Request

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


def make_session(flags: dict[str, Any], reporter: Progress | None = None) -> Session:
    """The command's session, from the flags of `cluster_options` and what else it took."""
    reporter = reporter or Progress()
    return Session(
        inventory=given_by(flags).inventory,
        reporter=reporter,
        command=shown_command(sys.argv[1:], flags["extra_vars"]),
        lock_wait_s=flags.get("lock_wait", 0),
        on_event=reporter.heard,
        on_look=partial(_remember, tuple(flags["inventory"])),
        stopped=reporter.stopped,
    )


def _remember(inventory: Sequence[str], nodes: Sequence[ObservedNode]) -> None:
    """Completion offers next what was seen now."""
    remember_names(inventory, [node.name for node in nodes], replica_names(nodes))


def given_by(flags: dict[str, Any]) -> Given:
    """Return the one value for the whole command, so that its inventory is read once."""
    known: dict[str, Given] = click.get_current_context().meta
    if _GIVEN not in known:
        _refuse_prompts(flags["vault_id"])
        known[_GIVEN] = Given.by(flags)
    return known[_GIVEN]


_GIVEN = f"{__name__}.given"


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
    given = given_by(flags)
    request = Request(
        project_name=flags["project_name"],
        profiles=tuple(flags["profile"]),
        env_files=tuple(flags["env_file"]),
        extra=given.extra,
        shared=given.shared,
    )
    return load_files(named_files(flags), os.environ, request)


def named_files(flags: dict[str, Any]) -> tuple[str, ...]:
    return tuple(flags["file"]) or (default_file(),)
