"""Compose files made from data."""

from __future__ import annotations

import json
from typing import Any


def as_compose(data: Any) -> str:
    """A file that means exactly this data: JSON is YAML, and a doubled dollar sign is no variable.

    What JSON takes for a letter, and YAML for a line break or for nothing good, is written as a number.
    """
    text = json.dumps(_without_variables(data), ensure_ascii=False)
    return "".join(letter if " " <= letter <= "~" else f"\\U{ord(letter):08x}" for letter in text)


def _without_variables(value: Any) -> Any:
    match value:
        case str():
            return value.replace("$", "$$")
        case dict():
            return {key: _without_variables(inner) for key, inner in value.items()}
        case list():
            return [_without_variables(inner) for inner in value]
        case _:
            return value
