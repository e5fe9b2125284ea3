"""Giving a node up is asked for, or said."""

from __future__ import annotations

import pytest

from orchestrate.cli.node import confirm
from orchestrate.errors import InputError


def test_where_nobody_can_be_asked_it_has_to_be_said() -> None:
    with pytest.raises(InputError, match="whether n3 is given up: say so by --yes"):
        confirm("n3")
