"""The command line: parse, call the app, print, and end with a documented code."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from orchestrate import __version__
from orchestrate.cli.cycle import converge, deploy, down, unlock
from orchestrate.cli.lab import lab
from orchestrate.cli.plan import plan
from orchestrate.cli.provision import provision
from orchestrate.cli.screen import err
from orchestrate.cli.show import nodes, ps, status
from orchestrate.cli.validate import validate
from orchestrate.errors import InputError, OrchestrateError

_INTERRUPTED = 130


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 nothing left to do; 1 a step failed; 2 plan: something to do; 3 not (yet) as the "
    "file says; 4 bad input; 5 somebody else holds the lock; 6 what must be known cannot be.",
)
@click.version_option(__version__, prog_name="orchestrate")
def cli() -> None:
    """A Compose file is the desired state, an Ansible inventory the cluster; this keeps them the same."""


for command in (
    plan,
    converge,
    deploy,
    status,
    ps,
    nodes,
    down,
    validate,
    provision,
    unlock,
    lab,
):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command; every error that a person may see ends here, as its text and its exit code."""
    try:
        code = cli(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        code = InputError.exit_code
    except click.Abort:
        err.print("Interrupted.")
        code = _INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = InputError.exit_code
    except OrchestrateError as error:
        err.print(str(error), style="red", markup=False)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)
