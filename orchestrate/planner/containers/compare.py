"""Wanted configuration x seen configuration -> the fields that differ.

The engine shows a container with its image's own settings mixed in, so what is wanted is laid over the
image's first. Every field of the shape counts: a difference means that somebody, or a new file, wants
another container.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from orchestrate.model.observed.container import REVISION_LABEL
from orchestrate.model.plan import Difference
from orchestrate.planner.containers.images import abridged
from orchestrate.planner.containers.replica import POST_START_LABEL, PRE_STOP_LABEL

Config = Mapping[str, Any]
_SECRET_WORDS = ("PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL")
_CREDENTIALS = re.compile(r"://[^/@\s]*:[^/@\s]*@")
_HIDDEN = "(hidden)"
_HOOKS = {POST_START_LABEL, PRE_STOP_LABEL}  # they hold variables, and their values
_REVISION = f"labels.{REVISION_LABEL}"  # follows from the other fields, and says less than they do
_NO_IMAGE: Config = {}


def differences(wanted: Config, seen: Config, image: Config = _NO_IMAGE) -> tuple[Difference, ...]:
    """The fields of `seen` that are not as `wanted`, in the order of the shape; empty: all is well."""
    found: list[Difference] = []
    for name, expected in _expected(wanted, image).items():
        actual = _SEEN[name](seen.get(name), wanted, image) if name in _SEEN else seen.get(name)
        if expected != actual:
            found += _described(name, expected, actual)
    return tuple(one for one in found if one.field != _REVISION) or tuple(found)


class Pattern:
    """The wanted configuration of a service, to be held against that of each of its containers.

    Their labels differ. What the image adds is worked out once for all that have the same one.
    """

    def __init__(self, wanted: Config) -> None:
        self._wanted = wanted
        self._of = itemgetter(*(name for name in wanted if name != "labels"))
        self._image: Config | None = None
        self._labels: Config = {}
        self._expected: tuple[Any, ...] = ()

    def _lay_over(self, image: Config) -> None:
        expected = _expected(self._wanted, image)
        self._image, self._labels = image, expected.pop("labels")
        self._expected = tuple(expected.values())

    def fits(self, seen: Config, labels: Mapping[str, str], image: Config = _NO_IMAGE) -> bool:
        """True if it is the same to the letter, but for these labels; `differences` is more lenient."""
        if image != self._image:
            self._lay_over(image)
        try:
            is_equal = self._of(seen) == self._expected
            return is_equal and bool(seen["labels"] == {**self._labels, **labels})
        except KeyError:
            return False


def _expected(wanted: Config, image: Config) -> dict[str, Any]:
    """Return the configuration that the engine shows of a container that is as wanted."""
    return {
        name: _EXPECTED[name](value, wanted, image) if name in _EXPECTED else value
        for name, value in wanted.items()
    }


def _or_image(name: str) -> Callable[[Any, Config, Config], Any]:
    def expected(value: Any, _wanted: Config, image: Config) -> Any:
        return value if value not in (None, "") else image.get(name, value)

    return expected


def _command(value: Any, wanted: Config, image: Config) -> Any:
    """The engine takes the image's command where none is given, unless there is an entrypoint.

    That of the image counts as one only beside a command that is empty on purpose.
    """
    given = wanted["entrypoint"]
    entrypoint = image.get("entrypoint") if given is None and value is not None else given
    return value or (None if entrypoint else image.get("command") or None)


def _entrypoint(value: Any, _wanted: Config, image: Config) -> Any:
    """Empty is how the engine shows none."""
    return (image.get("entrypoint") if value is None else value) or None


def _over_image(name: str) -> Callable[[Any, Config, Config], Any]:
    def expected(value: Any, _wanted: Config, image: Config) -> Any:
        return {**image.get(name, {}), **value}

    return expected


def _expose(value: Any, _wanted: Config, image: Config) -> Any:
    return sorted({*value, *image.get("expose", ())})


def _healthcheck(value: Any, _wanted: Config, image: Config) -> Any:
    """The engine takes 0 at the start for nothing given, and then what the image says."""
    own = image.get("healthcheck")
    if not (value and own):
        return value or own
    at_start = ("start_period_s", "start_interval_s")
    return {**value, **{name: value[name] or own.get(name, 0) for name in at_start}}


def _seen_healthcheck(value: Any, wanted: Config, image: Config) -> Any:
    """Read a check that is off as nothing but off."""
    expected = _healthcheck(wanted["healthcheck"], wanted, image)
    is_off = value and expected and value["test"] == expected["test"] == ["NONE"]
    return expected if is_off else value


def _mounts(value: Any, _wanted: Config, _image: Config) -> Any:
    """Leave out who made a path of the node: that cannot be seen afterwards."""
    return [{key: part for key, part in one.items() if key != "create_host_path"} for one in value]


def _seen_mounts(value: Any, wanted: Config, image: Config) -> Any:
    """An image may declare volumes of its own; the engine mounts anonymous ones there."""
    own = {mount["target"] for mount in wanted["mounts"]}
    anonymous = set(image.get("volumes", ())) - own
    return [mount for mount in value or () if mount["target"] not in anonymous]


def _seen_hardware_address(value: Any, wanted: Config, _image: Config) -> Any:
    """Newer engines tell it of what runs only."""
    return value or wanted["mac_address"]


def _seen_log_options(value: Any, wanted: Config, _image: Config) -> Any:
    """The engine adds its own defaults to them."""
    return {name: text for name, text in (value or {}).items() if name in wanted["log_options"]}


_EXPECTED: Mapping[str, Callable[[Any, Config, Config], Any]] = {
    "command": _command,
    "entrypoint": _entrypoint,
    "environment": _over_image("environment"),
    "labels": _over_image("labels"),
    "user": _or_image("user"),
    "healthcheck": _healthcheck,
    "expose": _expose,
    "mounts": _mounts,
}
_SEEN: Mapping[str, Callable[[Any, Config, Config], Any]] = {
    "mounts": _seen_mounts,
    "healthcheck": _seen_healthcheck,
    "log_options": _seen_log_options,
    "mac_address": _seen_hardware_address,
}


def _described(name: str, expected: Any, actual: Any) -> list[Difference]:
    if not (isinstance(expected, Mapping) and isinstance(actual, Mapping)):
        return [Difference(field=name, before=_masked("", actual), after=_masked("", expected))]
    keys = sorted(key for key in {*expected, *actual} if expected.get(key) != actual.get(key))
    return [
        Difference(
            field=f"{name}.{key}",
            before=_masked(key, actual.get(key)),
            after=_masked(key, expected.get(key)),
        )
        for key in keys
    ]


def _masked(key: str, value: Any) -> str:
    """A person reads plans, and keeps them: what looks like a secret, by its name or shape, stays hidden."""
    text = _text(value)
    if value is not None and (key in _HOOKS or any(w in key.upper() for w in _SECRET_WORDS)):
        return _HIDDEN
    return _HIDDEN if _CREDENTIALS.search(text) else text


def _text(value: Any) -> str:
    match value:
        case None:
            return "(none)"
        case str():
            return f'"{abridged(value)}"'
        case list() if all(isinstance(item, Mapping) for item in value):
            return "; ".join(_flat(item) for item in value) or "(none)"
        case list():
            return " ".join(str(item) for item in value) or "(none)"
        case Mapping():
            return _flat(value)
        case _:
            return str(value)


def _flat(value: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={part}" for key, part in value.items() if part not in ("", False))
