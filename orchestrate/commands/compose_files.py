"""The Compose files that a person names -> a project."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from orchestrate.adapters import files
from orchestrate.spec import Loaded, Request, read


def load_files(
    names: Sequence[str], environment: Mapping[str, str], request: Request | None = None
) -> Loaded:
    """Return the project of these files. SpecError names everything that is wrong with them."""
    asked = replace(request or Request(), read_file=files.read_further)
    documents = files.read_documents(names)
    with _uncollected():
        return read(documents, environment, files.directory(names), asked)


def default_file() -> str:
    """Return the name of the Compose file in the working directory."""
    return files.default_file()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the garbage collector: reading makes no cycles, and looking for some takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
