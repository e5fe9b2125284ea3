"""`orchestrate config`."""

from __future__ import annotations

from typing import Any, Literal

import click

from orchestrate.cli.options import file_options, loaded, source_options
from orchestrate.cli.screen import show_json, show_text
from orchestrate.spec import Loaded, without_variables, write

List = Literal["services", "images", "profiles", "variables"]


@click.command()
@file_options
@source_options
@click.option("--services", "listed", flag_value="services", help="Only the names of the services.")
@click.option("--images", "listed", flag_value="images", help="Only the images of the services.")
@click.option("--profiles", "listed", flag_value="profiles", help="Only the names of the profiles.")
@click.option(
    "--variables",
    "listed",
    flag_value="variables",
    help="Only the variables that the files ask for.",
)
@click.option(
    "-o", "--output", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True
)
def config(output: str, listed: List | None, **flags: Any) -> int:
    """Show a Compose file (default: ./compose.yaml) as it is understood; needs no cluster.

    It is a Compose file again: merged, filled in, each key in one form. Other files, such as those of
    secrets, are named and not read.
    """
    found = loaded(flags)
    if listed:
        names = _list(found, listed)
        show_json(names) if output == "json" else show_text("".join(f"{name}\n" for name in names))
    elif output == "json":
        show_json(without_variables(found.data))
    else:
        show_text(write(found.data))
    return 0


def _list(found: Loaded, listed: List) -> list[str]:
    """Sorted, each once."""
    services = found.data["services"]
    match listed:
        case "services":
            return sorted(services)
        case "images":
            return sorted({service["image"] for service in services.values()})
        case "profiles":
            return sorted(found.profiles)
        case "variables":
            return sorted(found.variables)
