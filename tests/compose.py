"""Compose files made from data."""

from __future__ import annotations

import json
from typing import Any


def as_compose(data: Any) -> str:
    """A file that means exactly this data: JSON is YAML, and a doubled dollar sign is no variable."""
    return json.dumps(_without_variables(data), ensure_ascii=False)


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
