"""`post_start` and `pre_stop`: commands that are run inside a running container."""

from __future__ import annotations

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.kinds import ListOf, Section
from orchestrate.spec.rules.pairs import ENVIRONMENT
from orchestrate.spec.rules.process import LINE, USER, WORKING_DIR
from orchestrate.spec.rules.scalars import BOOLEAN


def _check_command(spot: Cursor, hook: Plain) -> None:
    if hook.get("command") == []:
        spot.refuse('"command" is empty: give the command to run in the container')


HOOKS = ListOf(
    Section(
        {
            "command": LINE,
            "user": USER,
            "privileged": BOOLEAN,
            "working_dir": WORKING_DIR,
            "environment": ENVIRONMENT,
        },
        required={"command": "give the command to run in the container"},
        checks=(_check_command,),
    )
)
