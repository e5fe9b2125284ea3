"""Compose files made from data, and what is read of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from orchestrate.errors import SpecError
from orchestrate.spec import Document, Loaded, Request, read, without_variables
from orchestrate.spec.load import load
from orchestrate.spec.located import Content, Diagnostics, Located


def read_with(
    text: str,
    files: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    **asked: Any,
) -> Loaded:
    """A file in the directory `shop`, with others of which `files` has the texts."""
    request = Request(read_file=(files or {}).get, **asked)
    return read([Document("shop/compose.yml", text)], environment or {}, "/srv/shop", request)


def refused(text: str, files: Mapping[str, str] | None = None, **asked: Any) -> list[str]:
    """The problems of such a file."""
    with pytest.raises(SpecError) as caught:
        read_with(text, files, **asked)
    return str(caught.value).splitlines()


def tree(text: str, file: str = "compose.yml") -> Located:
    """The root of a file that has one."""
    findings = Diagnostics()
    (root,) = load(Document(file, text), findings)
    assert findings.problems == []
    return root


def plain(content: Content) -> Any:
    """Content without its places."""
    match content:
        case dict():
            return {key: plain(value.content) for key, value in content.items()}
        case list():
            return [plain(item.content) for item in content]
        case _:
            return content


def as_compose(data: Any) -> str:
    """A file that means exactly this data: JSON is YAML, and a doubled dollar sign is no variable.

    What JSON takes for a letter, and YAML for a line break or for nothing good, is written as a number.
    """
    text = json.dumps(without_variables(data), ensure_ascii=False)
    return "".join(letter if " " <= letter <= "~" else f"\\U{ord(letter):08x}" for letter in text)
