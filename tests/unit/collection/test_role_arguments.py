"""A role's defaults and its argument specification say the same."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tests.collection import ROLES

NAMES = sorted(path.name for path in ROLES.iterdir())


def read(role: str, file: str) -> Any:
    return yaml.safe_load((ROLES / role / file).read_text(encoding="utf-8"))


def options(role: str) -> dict[str, Any]:
    found = read(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    return dict(found)


@pytest.mark.parametrize("role", NAMES)
def test_every_variable_is_in_both_or_has_no_default(role: str) -> None:
    unset = {name for name, option in options(role).items() if "default" not in option}

    assert set(read(role, "defaults/main.yml")) | unset == set(options(role))


@pytest.mark.parametrize("role", NAMES)
def test_defaults_are_the_same(role: str) -> None:
    said = {name: option.get("default") for name, option in options(role).items()}
    defaults = read(role, "defaults/main.yml")

    assert {name: said[name] for name in defaults if said[name] is not None} == {
        name: value for name, value in defaults.items() if said[name] is not None
    }


@pytest.mark.parametrize("role", NAMES)
def test_variables_carry_the_name_of_the_role(role: str) -> None:
    assert [name for name in options(role) if not name.startswith(f"{role}_")] == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"network_backend": "ipsec"}, "value of network_backend", id="backend"),
        pytest.param({"network_vxlan_id": "many"}, "network_vxlan_id", id="number"),
        pytest.param({"network_hosts": {"n1": 1}}, "network_hosts", id="list"),
    ],
)
def test_values_that_do_not_fit_are_named(values: dict[str, Any], message: str) -> None:
    [error] = ArgumentSpecValidator(options("network")).validate(values).error_messages

    assert message in error
