"""Keys that bring in other files, or leave a service out.

They have done their work before the rest of a service is validated: by stages of their own, with these rules.
"""

from __future__ import annotations

from orchestrate.spec.rules.kinds import Forms, ListOf, Scalar, Section
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
