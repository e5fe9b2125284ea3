"""`orchestrate provision`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from orchestrate.cli.options import cluster_options, limit_option, make_session
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err, out
from orchestrate.commands.inventory import settings_file_of
from orchestrate.commands.provision import provision as make_nodes
from orchestrate.errors import ExitCode


@click.command()
@cluster_options
@limit_option
@click.option("--check", is_flag=True, help="Change nothing, say what would be.")
@click.option("--diff", is_flag=True, help="Show how files would change.")
def provision(**flags: Any) -> int:
    """Make nodes of bare hosts: engine, network, Consul, proxy.

    Runs playbooks/provision.yml, which `ansible-playbook` runs just as well. A second run changes nothing.
    """
    reporter = Progress()
    file = settings_file_of(flags["settings"], flags["inventory"])
    if file:
        flags["extra_vars"] = (*flags["extra_vars"], _as_variable(file))
    with reporter.watching("Provisioning"):
        run = make_nodes(make_session(flags, reporter))
    if flags["diff"] or flags["check"]:
        out.print(run.output, markup=False)
    for failure in run.failures:
        err.print(f"{failure.node}: {failure.task}: {failure.message}", style="red", markup=False)
    out.print(_sentence(run.status, run.recap), style="bold", markup=False)
    return ExitCode.DONE if run.status == "successful" else ExitCode.FAILED


def _as_variable(file: Path) -> str:
    return json.dumps({"orchestrate_settings": str(file.resolve())})


def _sentence(status: str, recap: dict[str, int]) -> str:
    if status != "successful":
        return "Provisioning failed; run it again when that is mended."
    changed = ", ".join(f"{host}: {count}" for host, count in sorted(recap.items()) if count)
    return f"Provisioned; changed {changed}." if changed else "Provisioned; nothing had to change."
