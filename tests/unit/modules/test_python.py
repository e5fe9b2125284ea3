"""Which Python a node may have."""

from __future__ import annotations

import pytest

from tests.unit.modules.collection import load

python = load("_python")
ActionError = load("_errors").ActionError


@pytest.mark.parametrize("version", [(3, 9), (3, 13), (4, 0)])
def test_new_enough(version: tuple[int, int]) -> None:
    python.check_python(version)


def test_a_node_with_an_older_one_says_so_and_what_helps() -> None:
    with pytest.raises(
        ActionError, match=r"is Python 3\.8, and 3\.9 or later is needed: .*interpreter"
    ):
        python.check_python((3, 8))
