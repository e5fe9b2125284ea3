"""Compose files to the model: load, interpolate, merge, validate, convert, each a file and a pure step.

A step goes on after a problem as far as it can, so that a person sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrate.errors import Problem
from orchestrate.model.file import File
from orchestrate.model.spec import Project
from orchestrate.spec.convert import convert
from orchestrate.spec.interpolate import Interpolator
from orchestrate.spec.load import Document, load
from orchestrate.spec.located import Findings, Located, Plain
from orchestrate.spec.merge import merge
from orchestrate.spec.rules.files import DIGEST
from orchestrate.spec.validate import validate

__all__ = ["Document", "Loaded", "read", "restore", "seal"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """`data` is the project as canonical Compose data: JSON can hold it, `restore` brings it back."""

    project: Project
    data: Plain
    warnings: tuple[Problem, ...]


def read(documents: Sequence[Document], environment: Mapping[str, str], directory: str) -> Loaded:
    """Read the files in the order of their precedence, the last one wins. Raises SpecError.

    `directory` is the project's own: relative paths begin there, and a project without a name has its.
    """
    findings = Findings()
    root = _gather(documents, environment, findings)
    data = validate(root, environment, directory, findings)
    findings.raise_problems()
    del root  # the tree of a large file is gone before its model comes
    return Loaded(convert(data), data, findings.distinct_warnings())


def _gather(
    documents: Sequence[Document], environment: Mapping[str, str], findings: Findings
) -> Located:
    """Make one of the files; where one cannot be read, the others alone would be misjudged."""
    loaded = [load(document, findings) for document in documents]
    if not all(loaded):
        findings.raise_problems()
    interpolator = Interpolator(environment, findings)
    return merge([interpolator.interpolate(root) for file in loaded for root in file], findings)


def seal(loaded: Loaded, digests: Mapping[File, str]) -> Loaded:
    """Note with each file what was in it, so that another content makes another revision."""
    data = {**loaded.data}
    for file, digest in digests.items():
        section = f"{file.kind}s"
        data[section] = {**data[section], file.name: {**data[section][file.name], DIGEST: digest}}
    return Loaded(convert(data), data, loaded.warnings)


def restore(data: Plain) -> Project:
    """Make the project again of what `read` gave as its data."""
    return convert(data)
