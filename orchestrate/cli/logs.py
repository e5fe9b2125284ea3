"""`orchestrate logs`: what replicas say, wherever they run."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click

from orchestrate.cli.names import REPLICA
from orchestrate.cli.options import cluster_options, make_session
from orchestrate.cli.screen import err, out
from orchestrate.commands.logs import Line, log_lines
from orchestrate.errors import ExitCode
from orchestrate.model.log import LogLine, LogRequest, Unread
from orchestrate.model.terminal import colours_only

_USUAL = 100
_AGO_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_AGO = re.compile(f"(?:{_AGO_PART.pattern})+")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours"}
_COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "bright_cyan", "bright_yellow")


def _tail(_context: click.Context, _option: click.Parameter, value: str) -> int | None:
    if value == "all":
        return None
    if not (value.isascii() and value.isdecimal()):
        raise click.BadParameter(f"expected a whole number of 0 or more, or all, got {value!r}")
    return int(value)


def _since(
    _context: click.Context, _option: click.Parameter, value: str
) -> datetime | timedelta | None:
    """A time without a zone is one of this machine's."""
    if not value:
        return None
    if _AGO.fullmatch(value):
        parts = _AGO_PART.findall(value)
        return sum((timedelta(**{_UNITS[unit]: float(n)}) for n, unit in parts), timedelta())
    with suppress(ValueError, OverflowError):
        return datetime.fromisoformat(value).astimezone()
    raise click.BadParameter(f"expected 10m, 1h30m or 2026-11-29T13:00:00, got {value!r}")


@click.command()
@click.argument("replicas", nargs=-1, type=REPLICA, metavar="[PROJECT[/SERVICE[.SLOT]][@NODE]]...")
@click.option("-f", "--follow", is_flag=True, help="Go on as more is logged, until ^C.")
@click.option(
    "-n",
    "--tail",
    default=str(_USUAL),
    callback=_tail,
    metavar="LINES",
    show_default=True,
    help="The last lines of each replica, or all.",
)
@click.option(
    "--since", default="", callback=_since, metavar="TIME", help="10m, or 2026-11-29T13:00:00."
)
@click.option("-t", "--timestamps", is_flag=True, help="Show when each line was logged.")
@cluster_options
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: an object a line.",
)
def logs(replicas: tuple[str, ...], output: str, **flags: Any) -> int:
    """Show the logs of `shop`, `shop/web` or `shop/web.2`, by time; of all replicas, when none is named.

    Those that have ended are there, too. Works without Consul. Exit code 6: a node could not be read.
    """
    request = LogRequest(tail=flags["tail"], since=flags["since"], follows=flags["follow"])
    lines = log_lines(make_session(flags), replicas, request)
    shown = Json() if output == "json" else Text(has_times=flags["timestamps"])
    try:
        unread = show_lines(lines, shown)
    except BrokenPipeError:  # a `head` that has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    return ExitCode.UNKNOWN if unread else ExitCode.DONE


class Json:
    def show(self, line: LogLine) -> None:
        print(json.dumps(asdict(line)), flush=True)  # noqa: T201 - a console would wrap it


class Text:
    """`shop/web.2@n1 | text`, each replica in a colour of its own."""

    def __init__(self, *, has_times: bool) -> None:
        self._has_times = has_times
        self._colours: dict[str, str] = {}
        self._width = 0

    def show(self, line: LogLine) -> None:
        name = f"{line.replica}@{line.node}"
        self._width = max(self._width, len(name))
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        time = f"{line.at} " if self._has_times and line.at else ""
        prefix, text = f"{name.ljust(self._width)} |", line.text
        if out.is_terminal:
            prefix, text = click.style(colours_only(prefix), fg=colour), colours_only(text)
        print(f"{prefix} {time}{text}", flush=True)  # noqa: T201 - its colours are its own


def show_lines(lines: Iterable[Line], shown: Json | Text) -> bool:
    """Print the lines, and return True if a node could not be read."""
    said = unread = False
    for line in lines:
        match line:
            case LogLine():
                said = True
                shown.show(line)
            case Unread():
                unread = True
                err.print(f"{line.node}: {line.reason}", style="yellow", markup=False)
    if not (said or unread):
        err.print("Nothing was logged.", markup=False)
    return unread
