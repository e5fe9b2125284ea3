"""Names with values, in either of the two forms that Compose has for them."""

from __future__ import annotations

from orchestrate.spec.located import SPOILED, Content, Located


def as_pairs(content: Content) -> dict[str, Located] | None:
    """Read `NAME: value` or `- NAME=value`; the content None is a name alone. None: neither form."""
    if isinstance(content, dict):
        return content
    if not isinstance(content, list):
        return None
    pairs = {}
    for entry in content:
        if entry.content is SPOILED:
            continue
        if not isinstance(entry.content, str):
            return None
        name, found, value = entry.content.partition("=")
        pairs[name] = Located(value if found else None, entry.place, entry.tag)
    return pairs
