"""`orchestrate validate`."""

from __future__ import annotations

from typing import Any

import click

from orchestrate.cli.options import file_options, json_option, loaded, named_files
from orchestrate.cli.screen import out, show_json
from orchestrate.errors import SpecError


@click.command()
@file_options
@json_option
def validate(output: str, **flags: Any) -> int:
    """Check a Compose file (default: ./compose.yaml); needs no cluster. All errors at once."""
    try:
        found = loaded(flags)
    except SpecError as error:
        if output == "json":
            show_json({"valid": False, "problems": error.problems})
            return error.exit_code
        raise
    if output == "json":
        show_json({"valid": True, "problems": []})
    else:
        names, services = ", ".join(named_files(flags)), len(found.project.services)
        out.print(f"{names}: {services} services, no errors", markup=False)
    return 0
