"""The results of tasks: the contract between the collection's modules and the adapter, and messages."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
import yaml

from orchestrate.adapters.ansible.results import ActionResult, action_results, message_of
from tests.collection import load as load_file
from tests.unit.modules.collection import load

RETURNED = yaml.safe_load(load_file("plugins/modules/replicas.py").RETURN)["results"]["contains"]
TYPES = {"int": int, "bool": bool, "str": str}
FAILED = load("_result").Result("pull", "web:1", (), "absent", "present", "web:1: not found")


def test_a_module_returns_of_an_action_what_it_documents() -> None:
    reported = FAILED.report(2)

    assert list(reported) == list(RETURNED)
    assert {name: type(value) for name, value in reported.items()} == {
        name: TYPES[said["type"]] for name, said in RETURNED.items()
    }


def test_the_adapter_reads_what_a_module_documents() -> None:
    read = get_type_hints(ActionResult)

    assert {name: TYPES[RETURNED[name]["type"]] for name in read} == read
    assert action_results({"results": [FAILED.report(2)]}) == (
        ActionResult(index=2, failed=True, detail="web:1: not found"),
    )


def item(name: str, **fields: Any) -> dict[str, Any]:
    return {"ansible_loop_var": "item", "item": name, **fields}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        pytest.param({"msg": " no \n"}, "no", id="message"),
        pytest.param({"msg": "", "stderr": "oh"}, "oh", id="standard-error"),
        pytest.param({"stdout": "well"}, "well", id="standard-output"),
        pytest.param({}, "failed", id="nothing"),
        pytest.param(
            {
                "msg": "Module result deserialization failed: No start of json char found",
                "module_stderr": "Traceback: ...\nSyntaxError: future feature annotations is not defined\n",
            },
            "its Python is too old for Ansible's modules (SyntaxError: future feature annotations is not "
            "defined): install 3.9 or later, and say where it is with ansible_python_interpreter in the "
            "inventory",
            id="old-python",
        ),
        pytest.param(
            {
                "msg": "One or more items failed",
                "results": [
                    item("a", changed=True),
                    item("b", failed=True, msg="no such package"),
                    item("c", unreachable=True, msg="timed out", _ansible_item_label="the c"),
                ],
            },
            "b: no such package\nthe c: timed out",
            id="items-of-a-loop",
        ),
    ],
)
def test_why_a_task_failed(result: dict[str, Any], message: str) -> None:
    assert message_of(result) == message
