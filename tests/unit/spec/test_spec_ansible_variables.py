"""Variables that come from Ansible."""

from __future__ import annotations

import pytest

from orchestrate.spec.template import TemplateError
from orchestrate.spec.variables import Noted
from tests.compose import refused


class Closed(dict[str, str]):
    """A source of variables of which one must not be seen."""

    def __missing__(self, name: str) -> str:
        raise TemplateError(f"{name} is vaulted") if name == "KEY" else KeyError(name)

    def __contains__(self, name: object) -> bool:
        return name == "KEY" or super().__contains__(name)


@pytest.mark.parametrize("source", ["extra", "shared"])
def test_a_variable_that_must_not_be_seen_is_refused_where_it_is_asked_for(source: str) -> None:
    text = "include: [a.yml]\nservices: {web: {image: 'w:$KEY', environment: [KEY]}}"
    files = {
        "shop/a.yml": "services: {a: {image: a, environment: {KEY: , B: }}}",
        "shop/.env": "B=$KEY",
    }

    assert refused(text, files, **{source: Closed()}) == [
        "shop/.env:1:1: KEY is vaulted",
        "shop/a.yml:1:40: services.a.environment.KEY: KEY is vaulted",
        "shop/compose.yml:2:18: services.web.image: KEY is vaulted",
        "shop/compose.yml:2:49: services.web.environment.KEY: KEY is vaulted",
    ]


def test_variables_that_are_noted_are_those_that_were_asked_for() -> None:
    noted = Noted({"A": "1", "B": "2"})

    assert (noted["A"], noted.get("C")) == ("1", None)
    assert noted.asked == {"A", "C"}
    assert (list(noted), len(noted)) == (["A", "B"], 2)
