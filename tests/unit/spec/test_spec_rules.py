"""What is refused is refused by name; that no key is missing is held by the page of all keys."""

from __future__ import annotations

import pytest

from orchestrate.errors import SpecError
from orchestrate.spec import Document, read
from orchestrate.spec.rules.kinds import Refused
from orchestrate.spec.rules.service import SERVICE


@pytest.mark.parametrize(
    "key", [key for key, rule in SERVICE.keys.items() if isinstance(rule, Refused)]
)
def test_a_key_that_is_not_supported_is_refused_by_name(key: str) -> None:
    text = f"services:\n  web:\n    image: web:1\n    {key}: x\n"

    with pytest.raises(SpecError) as caught:
        read([Document("compose.yml", text)], {}, "shop")

    (problem,) = caught.value.problems
    assert str(problem).startswith(f"compose.yml:4:5: services.web.{key}: is not supported: ")
