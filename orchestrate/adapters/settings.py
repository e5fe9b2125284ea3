"""`orchestrate.yml` -> Settings. Found beside the inventory or in the working directory; optional."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from orchestrate.adapters.files import read_documents
from orchestrate.model.settings import Settings
from orchestrate.spec.settings import read_settings

FILE = "orchestrate.yml"


def find(explicit: str | None, inventory: Iterable[str]) -> Path | None:
    if explicit:
        return Path(explicit)
    beside = [Path(source).parent / FILE for source in inventory if "," not in source]
    return next((file for file in (Path(FILE), *beside) if file.is_file()), None)


def load(file: Path | None) -> Settings:
    """SpecError with all that is wrong in the file; no file: the defaults."""
    if file is None:
        return Settings()
    (document,) = read_documents([str(file)])
    place = file.resolve()
    return replace(read_settings(document, str(place.parent), os.path.isfile), file=str(place))
