"""The shipped files are found in a checkout and in an installed wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrate.adapters import shipped

if TYPE_CHECKING:
    from pathlib import Path


def test_in_a_checkout_they_lie_beside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "orchestrate"
    package.mkdir()

    assert shipped.collections(package) == tmp_path / "collections"
    assert shipped.playbooks(package) == tmp_path / "playbooks"
    assert shipped.examples(package) == tmp_path / "examples"


def test_in_an_installed_wheel_they_lie_where_the_wheel_puts_them(tmp_path: Path) -> None:
    package = tmp_path / "orchestrate"
    (package / "_shipped").mkdir(parents=True)

    assert shipped.collections(package) == tmp_path
    assert shipped.playbooks(package) == package / "_shipped" / "playbooks"
    assert shipped.examples(package) == package / "_shipped" / "examples"


def test_this_checkout_has_them() -> None:
    assert (shipped.collections() / "ansible_collections/orchestrate/cluster").is_dir()
    assert shipped.playbooks().is_dir()
    assert shipped.examples().is_dir()
