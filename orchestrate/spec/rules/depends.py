"""`depends_on`: what has to be there before a service starts."""

from __future__ import annotations

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.kinds import Forms, ListOf, Named, Section
from orchestrate.spec.rules.scalars import BOOLEAN, TEXT, one_of

STARTED = "service_started"
COMPLETED = "service_completed_successfully"


def _note_entry(spot: Cursor, dependency: Plain) -> None:
    completes = dependency.get("condition") == COMPLETED
    required = dependency.get("required", True)
    note_dependency(spot, spot.key, required=required, completes=completes)


def note_dependency(
    spot: Cursor, name: str, *, required: bool = True, completes: bool = False
) -> None:
    spot.note("dependency", {"service": name, "required": required, "completes": completes})


def _read_list(spot: Cursor) -> Plain:
    for item in spot.items():
        if isinstance(item.content, str):
            note_dependency(item, item.content)
    return {name: {"condition": STARTED} for name in sorted(ListOf(TEXT)(spot))}


_DEPENDENCY = Section(
    keys={
        "condition": one_of(STARTED, "service_healthy", COMPLETED),
        "restart": BOOLEAN,
        "required": BOOLEAN,
    },
    required={"condition": f'say what it waits for, such as "{STARTED}"'},
    checks=(_note_entry,),
)
DEPENDS_ON = Forms(
    "a list or a mapping of services", sequence=_read_list, mapping=Named(TEXT, _DEPENDENCY)
)
