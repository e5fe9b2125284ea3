"""The resources of an included project, brought into the file that includes it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from orchestrate.spec.located import (
    SPOILED,
    Content,
    Diagnostics,
    Located,
    describe,
    join_path,
)
from orchestrate.spec.pairs import as_pairs
from orchestrate.spec.template import TemplateError

_RESOURCES = ("services", "networks", "volumes", "configs", "secrets")
_OF_THE_FILE_ALONE = ("name", "version")


def bring_in(
    file: dict[str, Located], source: Located, findings: Diagnostics
) -> dict[str, Located]:
    """Both together. What both have is an error, unless they say the same of it."""
    if not isinstance(source.content, dict):
        findings.refuse(source.place, "", f"expected a mapping, got {describe(source.content)}")
        return file
    content = dict(file)
    for key, value in source.content.items():
        if key in _OF_THE_FILE_ALONE or key.startswith("x-"):
            continue
        content[key] = _join(key, content[key], value, findings) if key in content else value
    return content


def _join(key: str, own: Located, other: Located, findings: Diagnostics) -> Located:
    if other.content is None or other.content is SPOILED or key not in _RESOURCES:
        return own
    if own.content is None:
        return other
    if not isinstance(own.content, dict) or not isinstance(other.content, dict):
        odd = other if isinstance(own.content, dict) else own
        findings.refuse(odd.place, key, f"expected a mapping, got {describe(odd.content)}")
        return own
    joined = dict(own.content)
    for name, value in other.content.items():
        if name not in joined:
            joined[name] = value
            continue
        known = joined[name]
        if not _is_same(known.content, value.content):
            findings.refuse(
                known.place,
                join_path(key, name),
                f"is in an included file, too ({value.place}): rename one, or change it in a file "
                "that is merged over this one",
            )
    return own._replace(content=joined)


def _is_same(one: Content, other: Content) -> bool:
    """Wherever it is written."""
    match one, other:
        case (dict(), dict()):
            return one.keys() == other.keys() and all(
                _is_same(value.content, other[key].content) for key, value in one.items()
            )
        case (list(), list()):
            return len(one) == len(other) and all(
                _is_same(first.content, second.content)
                for first, second in zip(one, other, strict=True)
            )
        case _:
            return one == other


def fill_in_names(root: Located, variables: Mapping[str, str]) -> Located:
    """Give what stands alone under `environment` the value that it has where the file is included."""
    services = root.content.get("services") if isinstance(root.content, dict) else None
    if services is None or not isinstance(services.content, dict):
        return root
    filled = {name: _fill_in(service, variables) for name, service in services.content.items()}
    return _with(root, "services", services._replace(content=filled))


def _fill_in(service: Located, variables: Mapping[str, str]) -> Located:
    environment = service.content.get("environment") if isinstance(service.content, dict) else None
    pairs = as_pairs(environment.content) if environment else None
    if environment is None or not pairs or all(pair.content is not None for pair in pairs.values()):
        return service
    filled = dict(pairs)
    for name, pair in pairs.items():
        with suppress(TemplateError):  # said when all that still stand alone are looked up
            value = variables.get(name) if pair.content is None else None
            filled[name] = pair if value is None else pair._replace(content=value)
    return _with(service, "environment", environment._replace(content=filled))


def _with(located: Located, key: str, value: Located) -> Located:
    """A mapping with another value."""
    content = located.content if isinstance(located.content, dict) else {}
    return located._replace(content={**content, key: value})
