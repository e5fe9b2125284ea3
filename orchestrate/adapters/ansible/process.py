"""An `ansible-playbook` process, run by ansible-runner, which nothing else imports.

Four traps of ansible-runner 2.4 are closed here: a private directory that was used before brings old
variables back (so: a fresh one each time); it writes the whole process environment beside its artifacts
(so: that file is removed as soon as it is there); it leaves the working directory, in which relative
paths of the user's ansible.cfg and inventory have their meaning (so: it is told to stay); and it lets the
process live on when this one is killed (so: that one heeds the hang-up of its terminal, and a plan never
goes on beside the next cycle).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.environment import ansible_environment
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.run import Event, Run
from orchestrate.render.play import Play
from orchestrate.render.playbook import playbook

_PLAYBOOK = "plan.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The listener to a run's events, and the question whether it shall end."""

    on_event: Callable[[Event], None] = lambda _: None
    is_cancelled: Callable[[], bool] = lambda: False


def run_plays(plays: Sequence[Play], options: AnsibleOptions, directory: Path, watch: Watch) -> Run:
    """Write these plays into `directory`, and run them there to their end."""
    file = directory / _PLAYBOOK
    text = playbook(plays, name=file.name, collections=str(shipped.collections()))
    file.write_text(text, encoding="utf-8")
    return run_playbook(file, options, directory, watch)


def run_playbook(
    file: Path, options: AnsibleOptions, directory: Path, watch: Watch | None = None
) -> Run:
    """Run it to its end; `directory` is fresh and keeps the artifacts."""
    import ansible_runner  # noqa: PLC0415 - most commands look at the nodes by ssh alone, and never need it

    run, watch = Run(), watch or Watch()

    def hear(event: Event) -> bool:
        run.note(event)
        watch.on_event(event)
        return True

    def forget_environment(_status: object, **_: object) -> None:
        (directory / "artifacts" / "run" / "command").unlink(missing_ok=True)

    runner = ansible_runner.interface.init_runner(
        private_data_dir=str(directory),
        project_dir=str(Path.cwd()),
        playbook=str(file.resolve()),
        inventory=[_absolute(source) for source in options.inventory],
        cmdline=options.command_line() or None,
        envvars=ansible_environment(),
        event_handler=hear,
        status_handler=forget_environment,
        cancel_callback=watch.is_cancelled,
        settings={"pexpect_timeout": 1, "suppress_env_files": True},
        suppress_env_files=True,
        quiet=True,
        ident="run",
    )
    runner.config.command = [sys.executable, "-Pc", _START, *runner.config.command]
    runner.run()
    log = directory / "artifacts" / "run" / "stdout"
    run.end(str(runner.status), _text(log), str(log))
    return run


_START = """
import atexit, gc, runpy, shutil, signal, sys
gc.set_threshold(500_000, 50, 50)
atexit.register(gc.freeze)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
del sys.argv[0]
runpy.run_path(shutil.which(sys.argv[0]), run_name="__main__")
"""
"""A fifth of a short run is the search for garbage, where there is none; see orchestrate/__main__.py."""


def _absolute(source: str) -> str:
    return source if "," in source else str(Path(source).resolve())


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
