"""Stage 3: several trees to one, by the merge rules of the Compose Specification.

Mappings merge, lists append, anything else is replaced by the later one; `merge_rules` has the exceptions.
What is unique within a list but has short forms (a port, the target of a mount) is the business of
validation, which can read them: the entries of a later list are on a higher `layer`, and take the place of
their equals there. `!reset` takes away what stands in its place, `!override` replaces instead of merging.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import is_

from orchestrate.spec.located import (
    SPOILED,
    Content,
    Diagnostics,
    Located,
    Tag,
    describe,
    join_path,
)
from orchestrate.spec.merge_rules import Path, identity_at, is_replaced, with_equal_forms


def merge(roots: Sequence[Located], findings: Diagnostics, path: Path = ()) -> Located:
    """Merge from the first to the last; `roots` is not empty, and each of them stands at `path`."""
    merger = _Merger(findings)
    first, *others = roots
    return reduce(lambda one, other: merger.merge(one, other, path), others, _settle(first))


def inherit(base: Located, own: Located, findings: Diagnostics, path: Path) -> Located:
    """Merge what one extends below itself. Its tags stay: they are for the files before it, too."""
    merger = _Merger(findings, keeps_tags=True)
    return merger.merge(_settle(base), own._replace(tag=Tag.NONE), path)._replace(tag=own.tag)


def _settle(located: Located) -> Located:
    """Obey the tags where there is nothing earlier; what holds none is passed on, not copied."""
    content = located.content
    if isinstance(content, dict):
        content = _settle_mapping(content)
    elif isinstance(content, list):
        content = _settle_list(content)
    if content is located.content and not located.tag:
        return located
    return located._replace(content=content, tag=Tag.NONE)


def _settle_mapping(content: dict[str, Located]) -> Content:
    kept = {key: _settle(value) for key, value in content.items() if value.tag is not Tag.RESET}
    same = len(kept) == len(content) and all(map(is_, kept.values(), content.values()))
    return content if same else kept


def _settle_list(content: list[Located]) -> Content:
    kept = [_settle(item) for item in content if item.tag is not Tag.RESET]
    return content if len(kept) == len(content) and all(map(is_, kept, content)) else kept


class _Merger:
    def __init__(self, findings: Diagnostics, *, keeps_tags: bool = False) -> None:
        self._findings = findings
        self._keeps_tags = keeps_tags

    def merge(self, earlier: Located, later: Located, path: Path) -> Located:
        if later.tag is Tag.OVERRIDE or is_replaced(path):
            return self._finish(later)
        if later.content is None:
            return earlier
        old, new = with_equal_forms(path, earlier, later)
        merged = self._merge_contents(Located(old, earlier.place), Located(new, later.place), path)
        return Located(merged, later.place)

    def _merge_contents(self, earlier: Located, later: Located, path: Path) -> Content:
        match earlier.content, later.content:
            case (dict() as old, dict() as new):
                return self._merge_mappings(old, new, path)
            case (list() as old, list() as new):
                return self._merge_lists(old, new, path)
            case (str() | None, _):
                return self._finish(later).content
            case _ if SPOILED in (earlier.content, later.content):
                return SPOILED
            case _:
                return self._refuse(earlier, later, path)

    def _merge_mappings(
        self, earlier: dict[str, Located], later: dict[str, Located], path: Path
    ) -> Content:
        merged = dict(earlier)
        for key, value in later.items():
            if value.tag is Tag.RESET and not self._keeps_tags:
                merged.pop(key, None)
            elif value.tag or key not in earlier:
                merged[key] = self._finish(value)
            else:
                merged[key] = self.merge(earlier[key], value, (*path, key))
        return merged

    def _merge_lists(self, earlier: list[Located], later: list[Located], path: Path) -> Content:
        """An item that equals an earlier one takes its place."""
        layer = 1 + max((item.layer for item in earlier), default=0)
        identity = identity_at(path)
        merged = list(earlier)
        positions = {identity(item): index for index, item in enumerate(earlier)}
        for item in later:
            if item.tag is Tag.RESET:
                continue
            above = self._finish(item)._replace(layer=layer + item.layer)
            name = identity(item)
            if name is None or name not in positions:
                merged.append(above)
            else:
                merged[positions[name]] = above
        return merged

    def _finish(self, located: Located) -> Located:
        return located if self._keeps_tags else _settle(located)

    def _refuse(self, earlier: Located, later: Located, path: Path) -> Content:
        wanted = f"{describe(earlier.content)} as in {earlier.place}"
        message = f"expected {wanted}, got {describe(later.content)}"
        self._findings.refuse(later.place, reduce(join_path, path, ""), message)
        return SPOILED
