"""The mechanism of stage 5: a table says, for each key, which field it becomes and how.

A key that is absent leaves its field at the default, which is the model's to state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from orchestrate.spec.located import Plain

Fields: TypeAlias = Mapping[str, tuple[str, Callable[[Plain], Any]]]


def read_fields(data: Plain, fields: Fields) -> dict[str, Any]:
    return {name: make(data[key]) for key, (name, make) in fields.items() if key in data}


def each(make: Callable[[Plain], Any]) -> Callable[[Plain], tuple[Any, ...]]:
    return lambda items: tuple(make(item) for item in items)
