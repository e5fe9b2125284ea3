"""A line of `deploy.placement.constraints`, taken apart, or refused with the line that was probably meant."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import cast, get_args
from warnings import catch_warnings

from orchestrate.model.constraint import NUMBER, Constraint, Operator
from orchestrate.model.node_key import ADDRESS, LABEL_PREFIX, ROLE, VARIABLE_PREFIX
from orchestrate.spec.node_keys import parse_key

_ROLES = ("manager", "worker")

_SHAPE = re.compile(
    r"\s*([^=!<>~\s]*)(?:\s*([=!<>~]+)|\s+(not\s+in|in)(?=\s|$))\s*(.*?)\s*",
    re.DOTALL | re.IGNORECASE,
)
_VALUE = re.compile(r"[A-Za-z0-9_.:/*+-][A-Za-z0-9_.:/*+ -]*")
_OPERATORS = ", ".join(get_args(Operator)[:-1]) + f" and {get_args(Operator)[-1]}"


def parse_constraint(text: str) -> Constraint:
    """Take a line apart; a ValueError says what is wrong with it and what to write instead."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError('write it as "KEY == VALUE" or "KEY != VALUE"')
    key, sign, word, value = found.groups()
    operator = sign or " ".join(word.lower().split())
    key = parse_key(key, f" {'!=' if operator == '!=' else '=='} {value}")
    if operator not in get_args(Operator):
        raise ValueError(_advise_operator(key, operator, value))
    known = cast("Operator", operator)
    return Constraint(key=key, operator=known, value=_parse_value(key, known, value))


def _parse_value(key: str, operator: Operator, value: str) -> str:
    match operator:
        case "=~":
            _check_pattern(key, value)
        case "<" | ">":
            _check_number(key, operator, value)
        case "in" | "not in":
            several = [one.strip() for one in value.split(",")]
            for one in several:
                _check_word(key, one)
            return ", ".join(several)
        case _:
            _check_word(key, value)
    return value


def _check_word(key: str, value: str) -> None:
    if not _VALUE.fullmatch(value):
        raise ValueError(
            "a value is made of letters, digits, spaces and _ . : / * + -, and is not in quotes"
        )
    if key == ROLE and value.lower() not in _ROLES:
        raise ValueError(f"a role is {' or '.join(_ROLES)}")
    if key == ADDRESS:
        try:
            ip_network(value, strict=False)
        except ValueError:
            raise ValueError("an address is written 10.0.0.7, a range of them 10.0.0.0/8") from None


def _check_pattern(key: str, value: str) -> None:
    if key == ADDRESS:
        raise ValueError(f'"=~" compares words: write "{key} == 10.0.0.0/8" for a range')
    if not value:
        raise ValueError('"=~" is followed by a regular expression')
    try:
        with catch_warnings(action="ignore"):
            re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"not a regular expression: {error}") from None


def _check_number(key: str, operator: str, value: str) -> None:
    if not key.startswith((LABEL_PREFIX, VARIABLE_PREFIX)):
        raise ValueError(f'"{operator}" compares numbers, and {key} is none')
    if not re.fullmatch(NUMBER, value):
        raise ValueError(f'"{operator}" compares numbers: write one such as 16 or 2.5')


def _advise_operator(key: str, operator: str, value: str) -> str:
    if operator == "=":
        return f'write "=" twice: "{key} == {value}"'
    return f'"{operator}" is not supported: the operators are {_OPERATORS}'
