from __future__ import annotations

import pytest

from orchestrate.spec.load import Document, load
from orchestrate.spec.located import Content, Diagnostics, Located, Place
from tests.compose import plain, tree


def loaded(text: str) -> Content:
    return tree(text).content


def problems(text: str) -> list[str]:
    findings = Diagnostics()
    load(Document("compose.yml", text), findings)
    return [str(problem) for problem in findings.problems]


@pytest.mark.parametrize(
    "text", ["yes", "0755", "22:22", "1_000", "3.10", "2026-11-23", "1e3", "=", ".inf"]
)
def test_a_scalar_stays_the_text_that_it_is(text: str) -> None:
    assert loaded(text) == text


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("~", None),
        ("null", None),
        ("'null'", "null"),
        ("True", "true"),
        ("'True'", "True"),
        ("!!str null", "null"),
        ("!!null x", None),
        ("!!int 5", "5"),
        ("! 5", "5"),
    ],
)
def test_only_null_and_booleans_are_resolved(text: str, content: str | None) -> None:
    assert loaded(text) == content


def test_places_are_those_of_keys_and_items() -> None:
    content = loaded("services:\n  web:\n    ports:\n      - a\n")

    web = Place("compose.yml", 2, 3)
    ports = Place("compose.yml", 3, 5)
    item = Place("compose.yml", 4, 9)
    assert content == {
        "services": Located(
            {"web": Located({"ports": Located([Located("a", item)], ports)}, web)},
            Place("compose.yml", 1, 1),
        )
    }


def test_merge_keys_take_in_what_is_not_there() -> None:
    text = """
    a: &a {x: 1, y: 1}
    b: &b {y: 2, z: 2}
    one: {<<: *a, y: 0}
    both: {<<: [*a, *b]}
    quoted: {"<<": 3}
    """

    content = plain(loaded(text))

    assert isinstance(content, dict)
    assert content["one"] == {"x": "1", "y": "0"}
    assert content["both"] == {"x": "1", "y": "1", "z": "2"}
    assert content["quoted"] == {"<<": "3"}


def test_what_is_taken_in_keeps_its_place() -> None:
    content = loaded("a: &a\n  x: 1\nb:\n  <<: *a\n")

    assert isinstance(content, dict)
    inner = content["b"].content
    assert isinstance(inner, dict)
    assert inner["x"].place.line == 2


def test_a_file_may_hold_several_documents() -> None:
    findings = Diagnostics()
    roots = load(Document("compose.yml", "a: 1\n---\nb: 2\n"), findings)

    assert [plain(root.content) for root in roots] == [{"a": "1"}, {"b": "2"}]


def test_an_anchor_ends_with_its_document() -> None:
    assert problems("a: &a 1\n---\nb: *a\n") == [
        'compose.yml:3:4: b: the alias "*a" names no anchor above it'
    ]


def test_a_file_is_read_on_after_a_problem() -> None:
    assert problems("a: 1\na: 2\nb: !x 1\nc: *d\n") == [
        "compose.yml:2:1: a: the key stands twice, first on line 1",
        "compose.yml:3:4: b: the tag !x is not supported here: remove it",
        'compose.yml:4:4: c: the alias "*d" names no anchor above it',
    ]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_has_an_end(opening: str) -> None:
    column = 50 * len(opening) + 1

    assert problems(opening * 100_000) == [
        f"compose.yml:1:{column}: nested more than 50 levels deep"
    ]


def test_nesting_by_aliases_has_an_end() -> None:
    links = [f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 1000)]

    assert problems("a0: &a0 []\n" + "".join(links)) == [
        "compose.yml:50:12: nested more than 50 levels deep"
    ]


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("[x, x, x, x, x, x, x, x, x, x]", id="many"),
        pytest.param("x" * 1000, id="long"),
    ],
)
def test_aliases_of_aliases_do_not_blow_up(first: str) -> None:
    tenfold = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)]

    (problem,) = problems(f"a0: &a0 {first}\n" + "".join(tenfold))

    assert "with its aliases written out the file has more than 1000000 values" in problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "a: \x00", "1:4: the character U+0000 must not stand in a YAML file", id="NUL"
        ),
        pytest.param("a\n\n: \ud800", "3:3: the character U+D800 must not stand", id="surrogate"),
        pytest.param('a: "\\x00"', "1:4: a: the character U+0000 must not stand", id="escaped NUL"),
        pytest.param("a:\n\tb: 1", "2:1: not valid YAML: a tab indents the line", id="tab"),
        pytest.param("%YAML 3.0\n---\na", "1:1: not valid YAML: ", id="directive"),
        pytest.param("a: b: c", "1:5: not valid YAML: ", id="colon"),
    ],
)
def test_what_is_not_yaml_has_one_problem_with_its_place(text: str, problem: str) -> None:
    (found,) = problems(text)

    assert found.startswith(f"compose.yml:{problem}")


@pytest.mark.parametrize("text", ["a: [b", "a: [b\n", "a: [b\n\n\n", "a: {b: 'c\n"])
def test_what_is_missing_at_the_end_is_missed_on_a_line_of_the_file(text: str) -> None:
    (found,) = problems(text)

    line = int(found.split(":")[1])
    assert 1 <= line <= len(text.splitlines())


def test_a_file_of_nothing_but_a_mistake_has_a_first_line() -> None:
    (found,) = problems("[")

    assert found.startswith("compose.yml:1:2: not valid YAML: ")


def test_a_collection_has_no_tag_but_ours() -> None:
    assert problems("a: !!set {b}\nc: !x [d]\n") == [
        "compose.yml:1:4: a: the tag !!set is not supported here: remove it",
        "compose.yml:2:4: c: the tag !x is not supported here: remove it",
    ]
