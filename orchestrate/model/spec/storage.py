"""The volumes, paths and files that are mounted into replicas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestrate.model.file import FileMount


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """`source` is an absolute path (bind) or a key of the project's `volumes` (volume).

    A bound path that is missing is made only with `create_host_path`. `nocopy`: a new volume does not
    begin with what the image has there. `propagation` empty: as the engine does.
    """

    type: Literal["bind", "volume"]
    source: str
    target: str
    read_only: bool = False
    create_host_path: bool = False
    propagation: str = ""
    nocopy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Volumes and paths of the node, and the project's configs and secrets."""

    mounts: tuple[Mount, ...] = ()
    files: tuple[FileMount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A named volume, kept by the `local` driver of the node that its replica runs on.

    `called` is its name in the engine; empty: made of the project's name and its own. What is `external`
    is neither made nor removed here.
    """

    name: str
    called: str = ""
    external: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
