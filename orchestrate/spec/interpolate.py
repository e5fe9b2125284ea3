"""Stage 2: variables in values, in the forms of the Compose Specification.

`$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+r} ${V+r}`, nested, and `$$` for a dollar sign. Keys are left
alone. Nothing but the caller's mapping is ever asked, and what comes out is text, never YAML.
"""

from __future__ import annotations

from collections.abc import Mapping

from orchestrate.spec.located import SPOILED, Content, Diagnostics, Located, Place, join_path
from orchestrate.spec.template import TemplateError, expand, parse_template


class Interpolator:
    """Fills in the variables of the files; one that is not set is warned of."""

    def __init__(self, environment: Mapping[str, str], findings: Diagnostics) -> None:
        self._environment = environment
        self._findings = findings

    def interpolate(self, located: Located, path: str = "") -> Located:
        content = self._walk(located.content, located.place, path)
        return located if content is located.content else located._replace(content=content)

    def _walk(self, content: Content, place: Place, path: str) -> Content:
        if isinstance(content, str):
            return self._replace(content, place, path) if "$" in content else content
        if isinstance(content, dict):
            return self._walk_mapping(content, path)
        if isinstance(content, list):
            return self._walk_list(content, path)
        return content

    def _walk_mapping(self, content: dict[str, Located], path: str) -> Content:
        """Pass on a part without variables as it is, not copied: that is most of a file."""
        walked = {key: self._enter(value, path, key) for key, value in content.items()}
        same = all(walked[key] is value for key, value in content.items())
        return content if same else walked

    def _walk_list(self, content: list[Located], path: str) -> Content:
        walked = [self._enter(value, path, index) for index, value in enumerate(content)]
        same = all(item is value for item, value in zip(walked, content, strict=True))
        return content if same else walked

    def _enter(self, located: Located, path: str, key: str | int) -> Located:
        """Most values are texts without a variable: their paths are not even put together."""
        if isinstance(located.content, str) and "$" not in located.content:
            return located
        return self.interpolate(located, join_path(path, key))

    def _replace(self, text: str, place: Place, path: str) -> Content:
        try:
            expansion = expand(parse_template(text), self._environment)
        except TemplateError as error:
            self._findings.refuse(place, path, str(error))
            return SPOILED
        self._findings.take(place, path, expansion.text)
        for name in expansion.unset:
            message = f"the variable {name} is not set: it is taken as empty"
            self._findings.warn(place, path, message)
        return expansion.text
