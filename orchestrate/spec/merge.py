"""Stage 3: several files to one, by the merge rules of the Compose Specification.

Mappings merge, lists append, anything else is replaced by the later file; the exceptions are a table.
What is unique within a list (a published port, the target of a mount) is the business of validation,
which knows its short forms: there an entry of a later file takes the place of that of an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from orchestrate.spec.located import SPOILED, Content, Findings, Located, describe, join_path
from orchestrate.spec.pairs import as_pairs

Path = tuple[str, ...]


def merge(roots: Sequence[Located], findings: Findings) -> Located:
    """Merge from the first to the last; `roots` is not empty."""
    merger = _Merger(findings)
    return reduce(lambda earlier, later: merger.merge(earlier, later, ()), roots)


def _replace(_: Content, later: Content) -> Content:
    return later


def _merge_pairs(earlier: Content, later: Content) -> Content:
    """`environment` and `labels` merge by name, whichever of their two forms each file uses."""
    if later is None:
        return earlier
    pairs, later_pairs = as_pairs(earlier), as_pairs(later)
    if pairs is None or later_pairs is None:
        return later
    return {**pairs, **later_pairs}


_EXCEPTIONS: Mapping[str, Callable[[Content, Content], Content]] = {
    "services.*.command": _replace,
    "services.*.entrypoint": _replace,
    "services.*.healthcheck.test": _replace,
    "services.*.environment": _merge_pairs,
    "services.*.labels": _merge_pairs,
    "volumes.*.labels": _merge_pairs,
}


class _Merger:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def merge(self, earlier: Located, later: Located, path: Path) -> Located:
        exception = _EXCEPTIONS.get(".".join((*path[:1], "*", *path[2:])))
        if exception:
            return Located(exception(earlier.content, later.content), later.place)
        if later.content is None:
            return earlier
        return Located(self._merge_contents(earlier, later, path), later.place)

    def _merge_contents(self, earlier: Located, later: Located, path: Path) -> Content:
        match earlier.content, later.content:
            case (dict() as old, dict() as new):
                return self._merge_mappings(old, new, path)
            case (list() as old, list() as new):
                return [*old, *new]
            case (str(), str()) | (None, _):
                return later.content
            case _ if SPOILED in (earlier.content, later.content):
                return SPOILED
            case _:
                return self._refuse(earlier, later, path)

    def _merge_mappings(
        self, earlier: dict[str, Located], later: dict[str, Located], path: Path
    ) -> Content:
        merged = dict(earlier)
        for key, value in later.items():
            old = earlier.get(key)
            merged[key] = self.merge(old, value, (*path, key)) if old else value
        return merged

    def _refuse(self, earlier: Located, later: Located, path: Path) -> Content:
        wanted = "a text" if isinstance(earlier.content, str) else describe(earlier.content)
        message = f"expected {wanted} as in {earlier.place}, got {describe(later.content)}"
        self._findings.refuse(later.place, reduce(join_path, path, ""), message)
        return SPOILED
