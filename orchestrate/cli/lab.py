"""`orchestrate lab`: throw-away clusters of real nodes on this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import click
from docker.errors import APIError, DockerException
from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.cli.options import json_option
from orchestrate.cli.screen import out, show_json, show_rows
from orchestrate.cli.steps import Steps
from orchestrate.errors import InputError, OrchestrateError
from orchestrate.lab import faults
from orchestrate.lab.cache import clear_cache
from orchestrate.lab.engine import find_engine
from orchestrate.lab.lifecycle import bring_up, take_down
from orchestrate.lab.network import find_files, find_network
from orchestrate.lab.nodes import address_of, find_node, state_of
from orchestrate.lab.request import LabRequest
from orchestrate.lab.ssh import ssh_command
from orchestrate.lab.status import LabStatus, NodeStatus, read_status

_DEFAULT_NAME = "dev"
_name_option = click.option(
    "--name", default=_DEFAULT_NAME, show_default=True, help="Labs stand side by side by name."
)


class _LabGroup(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Let what the engine or the machine refuses be read as an error, not as a traceback."""
        try:
            return super().invoke(ctx)
        except APIError as error:
            raise OrchestrateError(f"Docker Engine: {error.explanation or error}") from error
        except (DockerException, OSError, subprocess.SubprocessError) as error:
            raise OrchestrateError(f"lab: {error}") from error


@click.group(cls=_LabGroup)
def lab() -> None:
    """Real nodes on this machine, to try and to test with: systemd, sshd, a Docker Engine each."""


@lab.command()
@_name_option
@click.option("--nodes", type=int, metavar="N", help="How many.  [default: as it is, or 3]")
@click.option("--bare", is_flag=True, help="Nodes with sshd and python3 only.")
def up(name: str, nodes: int | None, bare: bool) -> int:  # noqa: FBT001 - click passes flags so
    """Start a lab, or what is missing of it."""
    files = bring_up(LabRequest(name, nodes, "bare" if bare else None), Steps())
    out.print(f"Lab {name} is up. Its inventory: {files.inventory}", markup=False)
    return 0


@lab.command()
@_name_option
def down(name: str) -> int:
    """Remove a lab, and all that it left on this machine."""
    found = take_down(name, Steps())
    out.print(f"Lab {name} is gone." if found else f"There is no lab {name}.", markup=False)
    return 0


@lab.command()
def clean() -> int:
    """Remove what labs keep for the next one: images and downloads."""
    clear_cache(Steps())
    return 0


@lab.command()
@click.option("--name", help="Only this lab.")
@json_option
def status(name: str | None, output: str) -> int:
    """The labs of this machine, and the state of their nodes."""
    engine = find_engine()
    labs = read_status(engine, name) if engine else ()
    if output == "json":
        show_json(labs)
    elif not labs:
        out.print("There is no lab: `orchestrate lab up`.", markup=False)
    for found in labs if output != "json" else ():
        _print_lab(found)
    return 0


@lab.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@_name_option
@click.argument("node")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def ssh(name: str, node: str, command: tuple[str, ...]) -> int:
    """Log in to a node as root, or run a command there."""
    network, found = _find(name, node)
    login = ssh_command(find_files(network), address_of(found))
    return subprocess.run([*login, *command], check=False).returncode


def _find(name: str, node: str) -> tuple[Network, Container]:
    engine = find_engine()
    network = find_network(engine.client, name) if engine else None
    if engine is None or network is None:
        raise InputError(f"there is no lab {name}: `orchestrate lab up --name {name}`")
    return network, find_node(engine.client, name, node)


def _print_lab(found: LabStatus) -> None:
    out.print(f"lab        {found.name}, {found.subnet}", markup=False)
    out.print(f"inventory  {found.inventory}", markup=False)
    reached = f"from here {found.registry_here}" if found.registry_here else "stopped"
    out.print(f"registry   {found.registry}, {reached}", markup=False)
    out.print(f"engine     {found.engine}", markup=False)
    show_rows(found.nodes, NodeStatus)


def _add_fault(verb: str, act: Callable[[Container], None], text: str) -> None:
    """Faults are alike: a lab, a node, and what happens to it."""

    @lab.command(verb, help=text)
    @_name_option
    @click.argument("node")
    def command(name: str, node: str) -> int:
        _, found = _find(name, node)
        act(found)
        found.reload()
        out.print(f"{node} is {state_of(found)}.", markup=False)
        return 0


_add_fault("kill", faults.kill, "Pull a node's plug.")
_add_fault("start", faults.start, "Switch a node on again: same disk, same address.")
_add_fault("pause", faults.pause, "Freeze a node: its connections stay open, nothing answers.")
_add_fault("unpause", faults.unpause, "Let a frozen node go on.")
_add_fault("partition", faults.partition, "Unplug a node's network.")
_add_fault("heal", faults.heal, "Plug a node's network in again.")
