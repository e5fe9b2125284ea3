"""`orchestrate.yml` -> Settings. Found beside the inventory or in the working directory; optional."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import yaml

from orchestrate.adapters.new_node import playbook_of, read_new_node
from orchestrate.errors import SettingsError
from orchestrate.model.settings import Settings, Strategy

FILE = "orchestrate.yml"
_PATTERNS = ("nodes", "consul_servers", "proxies", "standby")
_SAME = (
    *_PATTERNS,
    "consul_address",
    "max_unknown_share",
    "rebalance",
    "count_foreign",
    "strategy",
    "max_nodes",
    "add_node",
    "remove_node",
)
_FIELDS: Mapping[str, str] = {
    **{name: name for name in _SAME},
    "add_again_after": "add_again_after_s",
    "give_back_after": "give_back_after_s",
    "lost_after": "lost_after_s",
    "start_deadline": "start_deadline_s",
}
"""Key of the file -> field. Times are whole or decimal seconds."""


def find(explicit: str | None, inventory: Iterable[str]) -> Path | None:
    if explicit:
        return Path(explicit)
    beside = [Path(source).parent / FILE for source in inventory if "," not in source]
    return next((file for file in (Path(FILE), *beside) if file.is_file()), None)


def load(file: Path | None) -> Settings:
    """SettingsError names the file and the key; no file: the defaults."""
    if file is None:
        return Settings()
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not YAML: {' '.join(str(error).split())}") from error
    if found is not None and not isinstance(found, dict):
        raise SettingsError(f"{file}: expected a mapping of keys")
    values = {_field(file, key): _value(file, key, value) for key, value in (found or {}).items()}
    settings = Settings(**values, file=str(file.resolve()))
    if settings.add_node and not settings.max_nodes:
        raise SettingsError(f"{file}: add_node: needs max_nodes: how many nodes there may be")
    return settings


def _field(file: Path, key: Any) -> str:
    if key not in _FIELDS:
        close = get_close_matches(str(key), _FIELDS, n=1)
        hint = (
            f"did you mean {close[0]}?" if close else f"the keys are {', '.join(sorted(_FIELDS))}"
        )
        raise SettingsError(f"{file}: {key}: unknown key: {hint}")
    return _FIELDS[key]


def _value(file: Path, key: str, value: Any) -> Any:
    if key == "add_node":
        return read_new_node(file, value)
    if key == "remove_node":
        return playbook_of(file, key, value)
    wanted = {field.name: field.type for field in fields(Settings)}[_FIELDS[key]]
    if wanted == "Strategy" and value in get_args(Strategy):
        return value
    if wanted == "str" and isinstance(value, str):
        return value
    if wanted == "bool" and isinstance(value, bool):
        return value
    if wanted == "int" and _is_number(value) and value == int(value):
        return int(value)
    if wanted == "float" and _is_number(value):
        return float(value)
    kinds = {"str": "a text", "bool": "true or false", "Strategy": " or ".join(get_args(Strategy))}
    kinds["int"] = "a whole number of 0 or more"
    kind = kinds.get(str(wanted), "a number of 0 or more")
    raise SettingsError(f"{file}: {key}: expected {kind}, got {value!r}")


def _is_number(value: Any) -> bool:
    """For Python true is a number, too; and what never ends is none to wait for."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
