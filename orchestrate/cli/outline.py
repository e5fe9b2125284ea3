"""An outline has the commands and their options, without what they do: all that completing a word takes.

Loading what commands do takes half a second, which is long for somebody who has pressed a key. So the
outline is kept on the disk, for as long as the files that declare the commands stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

import click

from orchestrate.cli.names import Kind, Name
from orchestrate.commands.completion import keep_outline_text, kept_outline_text

Outline = Mapping[str, Any]
_OF_OPTIONS = ("help", "is_flag", "multiple", "hidden", "nargs", "envvar")
_SETTINGS = ("allow_interspersed_args", "ignore_unknown_options")


def kept_outline(program: Callable[[], click.Command]) -> click.Command:
    """Return the outline of the program; the program itself is loaded only when its files have changed."""
    declared = _declared()
    try:
        kept = json.loads(kept_outline_text())
        if kept["declared"] == declared:
            return command_of(kept["outline"])
    except (ValueError, TypeError, LookupError):
        pass
    outline = outline_of(program(), None)
    keep_outline_text(json.dumps({"declared": declared, "outline": outline}))
    return command_of(outline)


def outline_of(command: click.Command, parent: click.Context | None) -> Outline:
    context = click.Context(command, parent=parent, info_name=command.name)
    commands = {}
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if child := command.get_command(context, name):
                commands[name] = outline_of(child, context)
    return {
        "name": command.name,
        "help": command.get_short_help_str(),
        "hidden": command.hidden,
        "settings": {key: getattr(command, key) for key in _SETTINGS},
        "params": [_outline_of_param(param) for param in command.get_params(context)],
        "commands": commands,
    }


def command_of(outline: Outline) -> click.Command:
    """Build commands that parse and complete like those of the outline, and do nothing."""
    shared: Mapping[str, Any] = {
        "name": outline["name"],
        "short_help": outline["help"],
        "hidden": outline["hidden"],
        "params": [_param_of(param) for param in outline["params"]],
        "context_settings": outline["settings"],
        "add_help_option": False,
    }
    if not outline["commands"]:
        return click.Command(**shared)
    commands = {name: command_of(child) for name, child in outline["commands"].items()}
    return click.Group(**shared, commands=commands)


def _outline_of_param(param: click.Parameter) -> Outline:
    choices = param.type.choices if isinstance(param.type, click.Choice) else ()
    outline = {
        "name": param.name,
        "kind": param.type.name,
        "choices": [str(choice) for choice in choices],
        "keywords": {"nargs": param.nargs, "required": False},
    }
    if not isinstance(param, click.Option):
        return outline
    keywords = {key: getattr(param, key) for key in _OF_OPTIONS}
    return {
        **outline,
        "names": [*param.opts, *param.secondary_opts],
        "keywords": keywords,
    }


def _param_of(outline: Outline) -> click.Parameter:
    kind, choices = outline["kind"], outline["choices"]
    keywords = dict(outline["keywords"])
    if choices:
        keywords["type"] = click.Choice(choices)
    elif kind in get_args(Kind):
        keywords["type"] = Name(kind)
    if "names" not in outline:
        return click.Argument([outline["name"]], **keywords)
    return click.Option([outline["name"], *outline["names"]], **keywords)


def _declared() -> list[list[Any]]:
    """List what decides on the commands that there are: the files that declare them, and the extra `lab`."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    has_lab = find_spec("docker") is not None
    return [
        ["lab", has_lab],
        *([str(file), file.stat().st_mtime_ns, file.stat().st_size] for file in files),
    ]
