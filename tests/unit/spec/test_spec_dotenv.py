"""Files of variables, as Compose reads them."""

from __future__ import annotations

import pytest

from orchestrate.spec.dotenv import Variables, read_raw_variables, read_variables
from orchestrate.spec.load import Document
from orchestrate.spec.located import Diagnostics, Place

ENVIRONMENT = {"HERE": "environment's", "EMPTY": ""}


def read(text: str) -> tuple[Variables, Diagnostics]:
    findings = Diagnostics()
    return read_variables(Document("x.env", text), ENVIRONMENT, findings), findings


def values(variables: Variables) -> dict[str, object]:
    return {name: variable.content for name, variable in variables.items()}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A = b ", "b"),
        ("  A=b", "b"),
        ("A: b", "b"),
        ("export A=b", "b"),
        ("export\tA=b", "b"),
        ("A=", ""),
        ("A=b c", "b c"),
        ("A=b=c", "b=c"),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A=#c", "#c"),
        ("A=b'c'", "b'c'"),
        ("A=a\\tb", "a\\tb"),
        ("A='b # c' # d", "b # c"),
        ("A='it\\'s'", "it's"),
        ("A='$HERE ${HERE} \\n'", "$HERE ${HERE} \\n"),
        ("A='a\nb'", "a\nb"),
        ('A="a\nb"', "a\nb"),
        ('A="a\\nb\\t\\"c\\" \\\\d"', 'a\nb\t"c" \\d'),
        ('A="\\$HERE"', "$HERE"),
        ('A="$$HERE"', "$HERE"),
        ('A="\\0101\\0000\\q"', "A\\0000\\q"),
        ('A="{\\"b\\": 1}"', '{"b": 1}'),
        ("A=$HERE", "environment's"),
        ('A="${HERE}"', "environment's"),
        ("A=${NOWHERE:-default}", "default"),
        ("A=${EMPTY:+other}", ""),
    ],
)
def test_a_value_is_read_as_compose_reads_it(line: str, value: str) -> None:
    variables, findings = read(line)

    assert values(variables) == {"A": value}
    assert findings.problems == []


def test_lines_are_read_one_after_the_other() -> None:
    text = "\ufeff# first\r\n\r\nA=1\r\nB=$A${HERE}\nexport C\n\nA=2\n  # last"

    variables, findings = read(text)

    assert values(variables) == {"A": "2", "B": "1environment's", "C": None}
    assert variables["B"].place == Place("x.env", 4, 1)
    assert findings.problems == findings.warnings == []


def test_the_environment_is_stronger_than_the_lines_above() -> None:
    assert values(read("HERE=x\nA=$HERE")[0])["A"] == "environment's"


def test_what_stands_after_a_value_of_several_lines_has_its_own_line() -> None:
    assert read('A="1\n2\n3"\n  B=4')[0]["B"].place == Place("x.env", 4, 3)


def test_a_variable_that_is_not_set_is_warned_of() -> None:
    variables, findings = read("A=$NOWHERE")

    assert values(variables) == {"A": ""}
    assert [str(warning) for warning in findings.warnings] == [
        "x.env:1:1: the variable NOWHERE is not set: it is taken as empty"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("A=1\nB C=2", "2:1: expected a line such as NAME=value"),
        ("=1", "1:1: expected a line such as NAME=value"),
        ("A=1\n\nB='2\n", "3:3: the quote that begins here has no end"),
        ('A="1" 2', "1:6: expected the end of the line after the closing quote"),
        ("A=${", '1:1: "${" is not a variable: write ${NAME}, or $$ for a dollar sign'),
        ("A=${NOWHERE:?is needed}", "1:1: the variable NOWHERE must be set: is needed"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, problem: str) -> None:
    _, findings = read(text)

    assert [str(found) for found in findings.problems] == [f"x.env:{problem}"]


def test_a_file_is_read_on_after_a_variable_that_must_be_set() -> None:
    variables, findings = read("A=${X:?}\nB=${Y:?}\nC=1")

    assert values(variables) == {"C": "1"}
    assert len(findings.problems) == 2


def test_raw_values_are_taken_as_they_stand() -> None:
    findings = Diagnostics()
    text = '# first\nA="$B" # c\nD\n\n E= 1 \r\nF=\'x'

    found = read_raw_variables(Document("x.env", text), findings)

    assert values(found) == {"A": '"$B" # c', "D": None, "E": " 1 ", "F": "'x"}
    assert findings.problems == []


def test_a_raw_line_without_a_name_is_refused() -> None:
    findings = Diagnostics()

    assert values(read_raw_variables(Document("x.env", "A=1\nB C=1\nD=1"), findings)) == {"A": "1"}
    assert [str(found) for found in findings.problems] == [
        "x.env:2:1: expected a line such as NAME=value"
    ]
