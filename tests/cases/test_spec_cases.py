"""Compose files, and what becomes of them: a project, or everything that is wrong with them.

A case is a directory: `compose.yml`, over it `override*.yml`, and `environment.yml` for the variables.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from orchestrate.errors import SpecError
from orchestrate.spec import Document, Loaded, read, restore, write
from tests.conftest import Expect

HERE = Path(__file__).parent


def cases(kind: str) -> list[Path]:
    return sorted(path for path in (HERE / kind).iterdir() if path.is_dir())


def read_case(case: Path) -> Loaded:
    files = [case / "compose.yml", *sorted(case.glob("override*.yml"))]
    documents = [Document(file.name, file.read_text(encoding="utf-8")) for file in files]
    variables = case / "environment.yml"
    environment = (
        yaml.safe_load(variables.read_text(encoding="utf-8")) if variables.exists() else {}
    )
    return read(documents, environment, f"/srv/{case.name}")


def as_yaml(value: object) -> str:
    return yaml.safe_dump(json.loads(json.dumps(value)), sort_keys=False, allow_unicode=True)


@pytest.mark.parametrize("case", cases("spec_error"), ids=lambda case: case.name)
def test_a_mistake_is_named_with_its_place(case: Path, expect: Expect) -> None:
    with pytest.raises(SpecError) as caught:
        read_case(case)

    expect(case / "errors.txt", f"{caught.value}\n")


@pytest.mark.parametrize("case", cases("spec"), ids=lambda case: case.name)
def test_a_file_becomes_a_project(case: Path, expect: Expect) -> None:
    loaded = read_case(case)
    warnings = [str(warning) for warning in loaded.warnings]

    expect(case / "project.yml", as_yaml(asdict(loaded.project) | {"warnings": warnings}))
    expect(case / "canonical.yml", as_yaml(loaded.data))


@pytest.mark.parametrize("case", cases("spec"), ids=lambda case: case.name)
def test_what_is_kept_gives_the_same_project_again(case: Path) -> None:
    loaded = read_case(case)
    again = read([Document("kept.yml", write(loaded.data))], {}, "/elsewhere")

    assert restore(json.loads(json.dumps(loaded.data))) == loaded.project
    assert (again.project, again.data) == (loaded.project, loaded.data)
    known = {warning.message for warning in loaded.warnings}
    assert {warning.message for warning in again.warnings} <= known
    assert write(again.data) == write(loaded.data)
