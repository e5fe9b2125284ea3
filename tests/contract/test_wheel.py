"""The wheel is whole: installed outside a checkout, the command and what it ships work."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.contract

PRINT_SHIPPED = """
from orchestrate.adapters import shipped
for path in (shipped.collections(), shipped.playbooks(), shipped.examples()):
    print(path)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that holds the installed wheel and nothing else."""
    wheels = tmp_path_factory.mktemp("wheels")
    site = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--quiet"]
    offline = ["--no-deps", "--no-index"]
    subprocess.run(
        [*pip, "wheel", *offline, "--no-build-isolation", f"--wheel-dir={wheels}", str(ROOT)],
        check=True,
    )
    (wheel,) = wheels.glob("orchestrate-*.whl")
    subprocess.run([*pip, "install", *offline, f"--target={site}", str(wheel)], check=True)
    return site


def run(site: Path, *argv: str) -> str:
    """Runs outside the checkout; `-S` keeps the checkout's editable installation off the path."""
    path = os.pathsep.join([str(site), sysconfig.get_path("purelib")])
    done = subprocess.run(
        [sys.executable, "-S", *argv],
        cwd=site,
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_command_works_outside_a_checkout(site: Path) -> None:
    assert "0.1.0" in run(site, "-m", "orchestrate", "--version")


def test_the_docker_sdk_comes_with_the_extra_for_labs_only(site: Path) -> None:
    (metadata,) = site.glob("orchestrate-*.dist-info/METADATA")
    fields = message_from_string(metadata.read_text(encoding="utf-8"))

    assert fields.get_all("Provides-Extra") == ["lab"]
    assert [one for one in fields.get_all("Requires-Dist", []) if one.startswith("docker")] == [
        "docker>=7.1; extra == 'lab'"
    ]


def test_the_shipped_files_are_in_the_wheel(site: Path) -> None:
    collections, playbooks, examples = map(Path, run(site, "-c", PRINT_SHIPPED).split())

    assert collections == site
    assert (collections / "ansible_collections/orchestrate/cluster/galaxy.yml").is_file()
    assert (playbooks / "provision.yml").is_file()
    assert (playbooks / "converge.yml").is_file()
    assert any(examples.iterdir())


def test_ansible_knows_the_collection_of_the_wheel(site: Path) -> None:
    listed = run(site, "-m", "ansible", "doc", "--type", "role", "--list")

    assert "orchestrate.cluster.engine" in listed
