"""Keys that bring in other files, or leave a service out.

They have done their work before the rest of a service is validated: by stages of their own, with these rules.
"""

from __future__ import annotations

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.kinds import Forms, ListOf, OrNull, Scalar, Section, one_or_more
from orchestrate.spec.rules.scalars import BOOLEAN, matching, one_of

PROFILE = matching("a name of letters, digits and _ . -", r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")


def _parse_path(text: str) -> str | None:
    if text.startswith("~"):
        raise ValueError("name it from /, or from the directory of the Compose file")
    if "://" in text or text.startswith("git@"):
        raise ValueError("only files of this machine are read: get it, and name where it is")
    return text or None


PATH = Scalar("a path", _parse_path)


_ENV_FILE = Section(
    {"path": PATH, "required": BOOLEAN, "format": one_of("raw")},
    required={"path": "name the file"},
)
ENV_FILE_ITEM = Forms(
    "a path or a mapping", text=lambda spot: {"path": spot.read(PATH)}, mapping=_ENV_FILE
)
ENV_FILE = Forms(
    "a path or a list of paths",
    text=lambda spot: [ENV_FILE_ITEM(spot)],
    sequence=ListOf(ENV_FILE_ITEM),
)

PROFILES = ListOf(PROFILE)

_SERVICE = Scalar("the name of a service", lambda text: text or None)
EXTENDS = Forms(
    "the name of a service or a mapping",
    text=lambda spot: {"service": spot.read(_SERVICE)},
    mapping=Section(
        {"service": _SERVICE, "file": PATH}, required={"service": "name the service to extend"}
    ),
)


def _check_path(spot: Cursor, entry: Plain) -> None:
    if entry.get("path") == []:
        spot.refuse('"path" is empty: name the Compose file')


_PATHS = one_or_more("a path or a list of paths", PATH)
INCLUDE_ITEM = Forms(
    "a path or a mapping",
    text=lambda spot: {"path": [PATH(spot)]},
    mapping=Section(
        {"path": _PATHS, "project_directory": PATH, "env_file": _PATHS},
        required={"path": "name the Compose file"},
        checks=(_check_path,),
    ),
)
INCLUDE = OrNull(ListOf(INCLUDE_ITEM))
LABEL_FILE = OrNull(_PATHS)
