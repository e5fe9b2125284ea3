from __future__ import annotations

import pytest

from orchestrate.spec.template import TemplateError, expand, parse_template

ENVIRONMENT = {"SET": "value", "EMPTY": "", "DOLLAR": "$SET ${SET}"}


def expanded(text: str) -> str:
    return expand(parse_template(text), ENVIRONMENT).text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("$SET", "value", id="name"),
        pytest.param("${SET}", "value", id="braces"),
        pytest.param("a$SET-b", "avalue-b", id="inside a text"),
        pytest.param("$SET$SET", "valuevalue", id="twice"),
        pytest.param("$$SET", "$SET", id="escaped"),
        pytest.param("$$$SET", "$value", id="escaped, then a variable"),
        pytest.param("$DOLLAR", "$SET ${SET}", id="a value is not looked into"),
        pytest.param("$5 $( $", "$5 $( $", id="no variable"),
        pytest.param("$GONE", "", id="unset"),
        pytest.param("${GONE}", "", id="unset in braces"),
        pytest.param("${SET:-d} ${EMPTY:-d} ${GONE:-d}", "value d d", id=":-"),
        pytest.param("${SET-d} ${EMPTY-d} ${GONE-d}", "value  d", id="-"),
        pytest.param("${SET:+r} ${EMPTY:+r} ${GONE:+r}", "r  ", id=":+"),
        pytest.param("${SET+r} ${EMPTY+r} ${GONE+r}", "r r ", id="+"),
        pytest.param("${SET:?e} ${EMPTY?e}", "value ", id="required and there"),
        pytest.param("${GONE:-${EMPTY:-${SET}}}", "value", id="nested"),
        pytest.param("${GONE:-a$SET$$b}", "avalue$b", id="nested without braces"),
        pytest.param('${GONE:-{"a": {}}}!', '{"a": {}}!', id="braces in a default"),
        pytest.param("${SET:-${GONE:?never asked}}", "value", id="an unused default"),
        pytest.param("${SET}}", "value}", id="a brace too many"),
        pytest.param("{$SET}", "{value}", id="braces around"),
        pytest.param("${GONE:-}", "", id="empty default"),
        pytest.param("${GONE:-a:-b}", "a:-b", id="operators in a default"),
    ],
)
def test_variables_are_filled_in(text: str, result: str) -> None:
    assert expanded(text) == result


@pytest.mark.parametrize(
    "text", ["${", "${}", "${1}", "${A B}", "${A", "${A:-", "${A:-${B}", "${A!b}"]
)
def test_what_begins_like_a_variable_must_be_one(text: str) -> None:
    with pytest.raises(TemplateError, match=r"is not a variable: write \$\{NAME\}, or \$\$"):
        parse_template(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("${GONE:?ask $SET}", "the variable GONE must be set: ask value", id="unset"),
        pytest.param("${EMPTY:?}", "the variable EMPTY must be set", id="empty"),
        pytest.param("${GONE?}", "the variable GONE must be set", id="unset, without colon"),
    ],
)
def test_a_required_variable_must_be_set(text: str, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        expanded(text)

    assert str(caught.value) == message


def test_unset_variables_are_named() -> None:
    expansion = expand(parse_template("$A ${B} ${C:-$D} ${E:-e} ${SET:-$F}"), ENVIRONMENT)

    assert expansion.unset == ("A", "B", "D")


def test_nesting_has_an_end() -> None:
    text = "${A:-" * 1000 + "}" * 1000

    with pytest.raises(TemplateError, match="nested more than 20 levels deep"):
        parse_template(text)
