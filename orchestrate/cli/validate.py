"""`orchestrate validate`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import click

from orchestrate.cli.options import (
    file_options,
    json_option,
    loaded,
    named_files,
    read_files,
    source_options,
)
from orchestrate.cli.screen import out, show_json
from orchestrate.commands.inventory import check_settings
from orchestrate.errors import InputError, Problem, SpecError
from orchestrate.model.wording import counted
from orchestrate.spec import Loaded


@click.command()
@file_options
@source_options
@json_option
def validate(output: str, **flags: Any) -> int:
    """Check a Compose file (default: ./compose.yaml), and orchestrate.yml if there is one; needs no cluster.

    It says all errors at once.

    Exit code 0: it can be deployed, perhaps with warnings, 4: it cannot. With -o json: a list of
    findings, each with file, line, column (from 1, 0: unknown), path, level (error, warning), message.
    """
    if output == "json":
        return _as_json(flags)
    found = _read(flags, loaded)
    names, services = ", ".join(named_files(flags)), len(found.project.services)
    out.print(f"{names}: {counted(services, 'service')}, no errors", markup=False)
    return 0


def _read(flags: dict[str, Any], read: Callable[[dict[str, Any]], Loaded]) -> Loaded:
    """Read the project. SpecError has what is wrong with it and with the settings."""
    problems: tuple[Problem, ...] = ()
    try:
        check_settings(flags["settings"], flags["inventory"])
    except SpecError as error:
        problems = error.problems
    try:
        found = read(flags)
    except SpecError as error:
        raise SpecError(tuple({*problems, *error.problems}), error.warnings) from error
    if problems:
        raise SpecError(problems, found.warnings)
    return found


def _as_json(flags: dict[str, Any]) -> int:
    """Show the findings. An error that is in no file, such as an unreadable inventory, has no place."""
    problems: Iterable[Problem] = ()
    warnings: Iterable[Problem] = ()
    code = 0
    try:
        warnings = _read(flags, read_files).warnings
    except SpecError as error:
        problems, warnings, code = error.problems, error.warnings, error.exit_code
    except InputError as error:
        problems, code = (Problem("", 0, 0, "", str(error)),), error.exit_code
    findings = [{**asdict(one), "level": "error"} for one in problems]
    findings += [{**asdict(one), "level": "warning"} for one in warnings]
    show_json(sorted(findings, key=lambda one: (one["file"], one["line"], one["column"])))
    return code
