"""Every error that a person may see, and the exit code of each.

A message says where, what, and what to do; a traceback is always a defect of ours.

    OrchestrateError
      x InputError            a file or an argument is wrong; nothing was done
          . SpecError         a Compose file, orchestrate.yml: carries all of its problems, not only the first
          . SettingsError     the inventory, a host pattern
      x LockHeldError         somebody else is running a cycle
      x UnreachableError      what we must know cannot be known: Consul, its leader, too many nodes
      x RunError              ansible-playbook ended without doing what it was asked
      x StoppedError          ^C or SIGTERM, before anything was changed
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of commands, as docs/cycle.md lists them."""

    DONE = 0
    FAILED = 1
    TO_DO = 2
    NOT_AS_DESIRED = 3
    BAD_INPUT = 4
    LOCKED = 5
    UNKNOWN = 6
    STOPPED = 130


class OrchestrateError(Exception):
    """Root of the tree; `exit_code` is what the process ends with."""

    exit_code = ExitCode.FAILED


class InputError(OrchestrateError):
    exit_code = ExitCode.BAD_INPUT


class SettingsError(InputError):
    pass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A problem in a file. `line` and `column` count from 1; 0 means unknown."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class SpecError(InputError):
    """`warnings` are what would be said of the files without their problems, too."""

    def __init__(self, problems: tuple[Problem, ...], warnings: tuple[Problem, ...] = ()) -> None:
        self.problems = tuple(sorted(problems))
        self.warnings = warnings
        super().__init__("\n".join(str(problem) for problem in self.problems))


class LockHeldError(OrchestrateError):
    exit_code = ExitCode.LOCKED


class UnreachableError(OrchestrateError):
    exit_code = ExitCode.UNKNOWN


class RunError(OrchestrateError):
    exit_code = ExitCode.FAILED


class StoppedError(OrchestrateError):
    exit_code = ExitCode.STOPPED
