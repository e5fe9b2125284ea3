"""A project's canonical data as a Compose file: whoever reads that gets the same project."""

from __future__ import annotations

import sys

import yaml

from orchestrate.spec.located import Plain
from orchestrate.spec.numbers import is_rewritten


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - what is the same is written twice
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """PyYAML breaks lines at these marks, and leaves bare what is a number to the YAML of Compose only."""
    style = '"' if is_rewritten(text) or any(mark in text for mark in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write(data: Plain) -> str:
    """YAML in the order of the canonical form."""
    return yaml.dump(
        without_variables(data),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=sys.maxsize,
    )


def without_variables(data: Plain) -> Plain:
    """A dollar sign in a text is doubled, so that it begins no variable; keys hold none."""
    match data:
        case str():
            return data.replace("$", "$$")
        case dict():
            return {key: without_variables(value) for key, value in data.items()}
        case list():
            return [without_variables(value) for value in data]
        case _:
            return data
