"""The engine that these tests work with is there until the last of them has ended."""

from __future__ import annotations

import pytest

from orchestrate.lab.engine import Engine, find_engine, release_engine
from orchestrate.lab.lock import hold_lock
from tests.contract.modules.conftest import Silence

pytestmark = pytest.mark.contract


def test_it_stays_when_a_lab_beside_it_goes(engine: Engine) -> None:
    found = find_engine()
    assert found
    with hold_lock(Silence()):
        release_engine(found)
    found.client.close()

    assert engine.client.ping()
