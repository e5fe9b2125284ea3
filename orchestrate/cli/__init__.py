"""The command line: parse, call a command, print, and end with a documented code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

import click

from orchestrate import __version__
from orchestrate.cli.screen import err
from orchestrate.cli.without_sdk import is_docker_sdk, lab_without_sdk
from orchestrate.errors import ExitCode, OrchestrateError

_COMMANDS: Mapping[str, str] = {
    "plan": "plan",
    "converge": "cycle",
    "deploy": "cycle",
    "status": "show",
    "ps": "show",
    "nodes": "show",
    "logs": "logs",
    "exec": "exec",
    "down": "cycle",
    "validate": "validate",
    "config": "config",
    "cordon": "availability",
    "uncordon": "availability",
    "drain": "availability",
    "maintain": "maintain",
    "rebalance": "cycle",
    "node": "node",
    "provision": "provision",
    "unlock": "cycle",
    "lab": "lab",
    "completion": "completion",
}
"""Command -> its module here, in the order of --help."""


COMPLETING = "_ORCHESTRATE_COMPLETE"
"""Is set by the script of `orchestrate completion` when a shell asks for the rest of a word."""


class _Commands(click.Group):
    """Imports a command when it is asked for: Docker's SDK is of no use to a `plan`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        try:
            module = import_module(f"orchestrate.cli.{_COMMANDS[cmd_name]}")
        except ModuleNotFoundError as error:
            if not is_docker_sdk(error.name):
                raise
            return lab_without_sdk
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 nothing left to do; 1 a step failed; 2 plan, --check: something to do; "
    "3 not (yet) as the file says; 4 bad input; 5 somebody else holds the lock; "
    "6 what must be known cannot be; 130 stopped.",
)
@click.version_option(__version__, prog_name="orchestrate")
def cli() -> None:
    """A Compose file is the desired state, an Ansible inventory the cluster; this keeps them the same."""


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run the command; every error that a person may see ends here, as its text and its exit code."""
    if instruction := os.environ.get(COMPLETING):
        import_module("orchestrate.cli.completion").complete(instruction)
    try:
        code = cli(words, standalone_mode=False)
    except click.Abort:
        err.print("Stopped.")
        code = ExitCode.STOPPED
    except click.ClickException as error:
        error.show()
        code = ExitCode.BAD_INPUT
    except OrchestrateError as error:
        err.print(str(error), style="red", markup=False)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)
