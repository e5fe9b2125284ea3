"""Typed reading of JSON from outside: what is missing or of another kind is an error that names its path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

Json = Mapping[str, Any]
T = TypeVar("T")
D = TypeVar("D")
_MOST = 40
"""Characters of a wrong value that are shown."""


class DecodeError(Exception):
    """The JSON is not of the agreed shape."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self._message, self._path = message, path

    def within(self, key: object) -> DecodeError:
        return DecodeError(self._message, f"{key}.{self._path}" if self._path else str(key))


def field(record: Json, key: str, read: Callable[[Any], T]) -> T:
    """Read a field that must be there; `read` is given its value."""
    if key not in mapping(record):
        raise DecodeError("is missing", key)
    return _at(key, record[key], read)


def optional(record: Json, key: str, read: Callable[[Any], T], default: D) -> T | D:
    return field(record, key, read) if key in mapping(record) else default


def each(read: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """Return a reader of lists of what `read` reads."""

    def read_all(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise _unexpected("a list", value)
        return tuple(_at(index, item, read) for index, item in enumerate(value))

    return read_all


def by_key(read: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    """Return a reader of mappings to what `read` reads."""
    return lambda value: {
        str(key): _at(key, content, read) for key, content in mapping(value).items()
    }


def one_of(literal: Any) -> Callable[[Any], Any]:
    """Return a reader of the words of a Literal."""
    words = get_args(literal)

    def read_word(value: Any) -> Any:
        if value not in words:
            raise _unexpected(f"one of {', '.join(words)}", value)
        return value

    return read_word


def mapping(value: Any) -> Json:
    if not isinstance(value, Mapping):
        raise _unexpected("a mapping", value)
    return value


def text(value: Any) -> str:
    """Numbers and booleans are texts, too; nothing and collections are not."""
    if not isinstance(value, str | int | float):
        raise _unexpected("a text", value)
    return str(value)


def whole(value: Any) -> int:
    return int(number(value))


def number(value: Any) -> float:
    """Digits in a text are a number, too."""
    try:
        amount = value if isinstance(value, int) else float(value)
    except (TypeError, ValueError):
        raise _unexpected("a number", value) from None
    if not math.isfinite(amount):
        raise _unexpected("a number", value)
    return amount


texts = by_key(text)


def _at(key: object, value: Any, read: Callable[[Any], T]) -> T:
    try:
        return read(value)
    except DecodeError as error:
        raise error.within(key) from None
    except ValueError as error:
        raise DecodeError(str(error), str(key)) from None


def _unexpected(expected: str, value: Any) -> DecodeError:
    is_plain = value is None or isinstance(value, str | int | float)
    shown = repr(value)[:_MOST] if is_plain else f"a {type(value).__name__}"
    return DecodeError(f"expected {expected}, got {shown}")
