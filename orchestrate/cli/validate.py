"""`orchestrate validate`."""

from __future__ import annotations

import click

from orchestrate.adapters import files
from orchestrate.cli.options import file_option, json_option, loaded
from orchestrate.cli.screen import out, show_json
from orchestrate.errors import SpecError


@click.command()
@file_option
@json_option
def validate(file: tuple[str, ...], output: str) -> int:
    """Check a Compose file (default: ./compose.yaml); needs no cluster. All errors at once."""
    names = file or (files.default_file(),)
    try:
        found = loaded(names)
    except SpecError as error:
        if output == "json":
            show_json({"valid": False, "problems": error.problems})
            return error.exit_code
        raise
    services = len(found.project.services) if found else 0
    if output == "json":
        show_json({"valid": True, "problems": []})
    else:
        out.print(f"{', '.join(names)}: {services} services, no errors", markup=False)
    return 0
