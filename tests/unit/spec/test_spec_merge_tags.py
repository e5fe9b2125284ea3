"""The tags !reset and !override."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.spec.located import Diagnostics
from orchestrate.spec.merge import merge
from tests.compose import plain, tree


def merged(*texts: str) -> tuple[Any, list[str]]:
    findings = Diagnostics()
    roots = [tree(text, f"{number}.yml") for number, text in enumerate(texts, start=1)]
    content = plain(merge(roots, findings).content)
    return content, [str(problem) for problem in findings.problems]


def of_service(earlier: str, later: str) -> Any:
    """What two files say of one service, merged."""
    content, problems = merged(*(f"services: {{web: {text}}}" for text in (earlier, later)))
    assert problems == []
    return content["services"]["web"]


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param("{ports: ['1:1']}", "{ports: !reset []}", {}, id="list"),
        pytest.param("{user: a}", "{user: !reset null}", {}, id="text"),
        pytest.param("{user: a}", "{user: !reset anything}", {}, id="any-value"),
        pytest.param(
            "{deploy: {mode: a, replicas: 1}}",
            "{deploy: {mode: !reset }}",
            {"deploy": {"replicas": "1"}},
            id="key-inside",
        ),
        pytest.param(
            "{environment: {A: 1, B: 2}}",
            "{environment: {A: !reset null}}",
            {"environment": {"B": "2"}},
            id="variable",
        ),
        pytest.param(
            "{environment: {A: 1, B: 2}}",
            "{environment: [!reset A, C=3]}",
            {"environment": {"B": "2", "C": "3"}},
            id="variable-in-a-list",
        ),
        pytest.param("{dns: [a]}", "{dns: [!reset b, c]}", {"dns": ["a", "c"]}, id="item"),
        pytest.param("{image: a}", "{ports: !reset []}", {"image": "a"}, id="nothing-there"),
    ],
)
def test_reset_takes_away(earlier: str, later: str, expected: Any) -> None:
    assert of_service(earlier, later) == expected


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param("{ports: ['1:1']}", "{ports: !override ['2:2']}", ["2:2"], id="list"),
        pytest.param("{ports: {a: 1}}", "{ports: !override {b: 2}}", {"b": "2"}, id="mapping"),
        pytest.param("{ports: a}", "{ports: !override b}", "b", id="text"),
        pytest.param("{ports: a}", "{ports: !override null}", None, id="nothing"),
        pytest.param("{ports: a}", "{ports: !override True}", "true", id="boolean"),
        pytest.param("{ports: {a: 1}}", "{ports: !override {b: !reset 2}}", {}, id="reset-inside"),
    ],
)
def test_override_replaces(earlier: str, later: str, expected: Any) -> None:
    assert of_service(earlier, later) == {"ports": expected}


def test_tags_where_there_is_nothing_earlier() -> None:
    text = "services: {web: {user: !reset a, ports: !override [!reset a, b], dns: {a: !reset b}}}"

    assert merged(text)[0] == {"services": {"web": {"ports": ["b"], "dns": {}}}}


def test_a_tag_goes_with_its_anchor() -> None:
    later = "x-none: &none !reset []\nservices: {web: {ports: *none, dns: *none}}"

    assert merged("services: {web: {ports: [a], dns: [b]}}", later)[0]["services"] == {"web": {}}


def test_what_is_taken_in_by_a_merge_key_can_be_reset() -> None:
    assert merged("x-a: &a {user: a, image: b}\nb: {<<: *a, user: !reset null}")[0]["b"] == {
        "image": "b"
    }
