"""`healthcheck`: what the engine runs inside a container to learn whether it works."""

from __future__ import annotations

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, MismatchError
from orchestrate.spec.rules.kinds import Forms, ListOf, Section
from orchestrate.spec.rules.scalars import BOOLEAN, DURATION, TEXT, WHOLE

_LENGTHS = {"NONE": range(1, 2), "CMD": range(2, 1000), "CMD-SHELL": range(2, 3)}
_LIST = '["CMD", program, argument…], ["CMD-SHELL", command line] or ["NONE"]'


def _read_line(spot: Cursor) -> Plain:
    if spot.content == "":
        raise MismatchError('expected a command line, got ""')
    return ["NONE"] if spot.content == "NONE" else ["CMD-SHELL", spot.content]


def _read_list(spot: Cursor) -> Plain:
    words = ListOf(TEXT)(spot)
    if len(words) < len(list(spot.items())):
        return None
    if not words or len(words) not in _LENGTHS.get(words[0], ()):
        found = f"a list that begins with {describe(words[0])}" if words else "an empty list"
        raise MismatchError(f"expected {_LIST}, got {found}")
    return words


def _check_test(spot: Cursor, healthcheck: Plain) -> None:
    tested, disabled = "test" in dict(spot.entries()), healthcheck.get("disable", False)
    if disabled and tested and healthcheck.get("test") != ["NONE"]:
        spot.refuse('"disable" and "test" contradict each other: remove one')
    if not disabled and not tested:
        spot.refuse('has no "test": give the command, as the image\'s own cannot be seen from here')


HEALTHCHECK = Section(
    keys={
        "test": Forms("a command line or a list", text=_read_line, sequence=_read_list),
        "interval": DURATION,
        "timeout": DURATION,
        "retries": WHOLE,
        "start_period": DURATION,
        "start_interval": DURATION,
        "disable": BOOLEAN,
    },
    checks=(_check_test,),
)
