"""Paths of the node that containers are to find, where they are not there yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.modules.site import PROJECT, Site
from tests.contract.modules.test_start import detail

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"


def bound(source: Path) -> dict[str, Any]:
    return {"type": "bind", "source": str(source), "target": "/x", "create_host_path": True}


def test_a_directory_is_made_where_it_was_asked_for(site: Site, tmp_path: Path) -> None:
    place = tmp_path / "some" / "where"

    answer = site.replicas(site.start(WEB, mounts=[bound(place)]))

    assert detail(answer) == f"directory {place} created, created, started, registered"
    assert place.is_dir()


def test_where_none_can_be_made_it_is_said(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    answer = site.replicas(site.start(WEB, mounts=[bound(tmp_path / "file" / "x")]))

    assert answer["msg"] == f"{WEB}: {tmp_path}/file/x cannot be created: Not a directory"
