"""Paths that were written in another directory, as they lead there from the project's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from orchestrate.spec.file_store import join
from orchestrate.spec.located import Content, Located

_Change: TypeAlias = Callable[[Located], Located]


def move_paths(root: Located, directory: str) -> Located:
    """A file of which all paths that begin at `directory` begin where the project does."""
    changes = {
        "services": _each(lambda service: move_service_paths(service, directory)),
        **dict.fromkeys(("configs", "secrets"), _each(_at({"file": _moved(directory)}))),
    }
    return _at(changes)(root) if directory else root


def move_service_paths(service: Located, directory: str) -> Located:
    paths = _texts(_moved(directory))
    return _at({"env_file": paths, "label_file": paths})(service)


def _moved(directory: str) -> _Change:
    """Leave a value that no rule takes for a path as it was written: it is refused as such."""

    def change(located: Located) -> Located:
        path = located.content
        if not isinstance(path, str) or not path or path.startswith("~") or "://" in path:
            return located
        return located._replace(content=join(directory, path))

    return change


def _texts(change: _Change) -> _Change:
    """A path, a mapping with one, or a list of these."""

    def change_all(located: Located) -> Located:
        if isinstance(located.content, list):
            return located._replace(content=[change_all(item) for item in located.content])
        return _at({"path": change})(change(located))

    return change_all


def _at(changes: dict[str, _Change]) -> _Change:
    """Change what stands under these keys of a mapping."""

    def change(located: Located) -> Located:
        content = located.content
        if not isinstance(content, dict) or content.keys().isdisjoint(changes):
            return located
        changed = {key: changes[key](content[key]) for key in changes if key in content}
        return located._replace(content={**content, **changed})

    return change


def _each(change: _Change) -> _Change:
    """Change every value of a mapping."""

    def change_each(located: Located) -> Located:
        if not isinstance(located.content, dict):
            return located
        content: Content = {name: change(value) for name, value in located.content.items()}
        return located._replace(content=content)

    return change_each
