"""Compose files to the model: load, interpolate, merge, validate, convert, each a file and a pure step.

A step goes on after a problem as far as it can, so that a person sees all of them at once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orchestrate.errors import Problem
from orchestrate.model.file import File
from orchestrate.model.spec.project import Project
from orchestrate.spec.convert import convert
from orchestrate.spec.env_files import read_env_files
from orchestrate.spec.file_store import FileStore
from orchestrate.spec.gather import Gatherer
from orchestrate.spec.load import Document, load
from orchestrate.spec.located import Diagnostics, Located, Plain
from orchestrate.spec.profiles import select
from orchestrate.spec.request import Request
from orchestrate.spec.rules.cursor import Validation
from orchestrate.spec.rules.files import DIGEST
from orchestrate.spec.scope import Scope
from orchestrate.spec.template import layered
from orchestrate.spec.validate import validate
from orchestrate.spec.variables import (
    PROJECT_NAME,
    Noted,
    active_profiles,
    find_variables,
    name_of_files,
    wanted_name,
)
from orchestrate.spec.write import without_variables, write

__all__ = ["Document", "Loaded", "Request", "read", "restore", "seal", "without_variables", "write"]

_NOTHING_ELSE = Request()


@dataclass(frozen=True, slots=True)
class Loaded:
    """`data` is the project as canonical Compose data: JSON can hold it, `restore` brings it back.

    `profiles` and `variables` are the names that the files know, or ask for, active or not, set or not.
    """

    project: Project
    data: Plain
    warnings: tuple[Problem, ...]
    profiles: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()


def read(
    documents: Sequence[Document],
    environment: Mapping[str, str],
    directory: str,
    request: Request = _NOTHING_ELSE,
) -> Loaded:
    """Read the files in the order of their precedence, the last one wins. Raises SpecError.

    `directory` is the project's own: relative paths begin there, and a project without a name has its.
    """
    findings = Diagnostics()
    shelf = FileStore(request.read_file, posixpath.dirname(documents[0].name), findings)
    roots = _load(documents, findings)
    given = find_variables(environment, request, shelf, findings)
    wanted = wanted_name(request, given.own)
    name = str(wanted.content) if wanted else name_of_files(roots, given.variables, directory)
    variables = Noted(layered({PROJECT_NAME: name}, given.variables))
    examination = Validation(findings, variables, directory)
    scope = Scope(
        variables=variables, files=tuple(posixpath.normpath(one.name) for one in documents)
    )
    root = Gatherer(shelf, examination).gather(roots, scope)
    if findings.is_incomplete:
        findings.raise_problems()
    root, examination.inactive = select(root, active_profiles(request, given.own), examination)
    root = read_env_files(root, examination, shelf)
    data = validate(_named(root, wanted), examination)
    findings.raise_problems()
    del root, roots  # the tree of a large file is gone before its model comes
    profiles, asked = frozenset(examination.profiles), frozenset(variables.asked)
    return Loaded(convert(data), data, findings.distinct_warnings(), profiles, asked)


def _load(documents: Sequence[Document], findings: Diagnostics) -> tuple[Located, ...]:
    """Load all documents, or none: if one is unreadable, the others alone would be misjudged."""
    loaded = [load(document, findings) for document in documents]
    if not all(loaded):
        findings.raise_problems()
    return tuple(root for file in loaded for root in file)


def _named(root: Located, name: Located | None) -> Located:
    if name is None or not isinstance(root.content, dict):
        return root
    return root._replace(content={**root.content, "name": name})


def seal(loaded: Loaded, digests: Mapping[File, str]) -> Loaded:
    """Note with each file what was in it, so that another content makes another revision."""
    data = {**loaded.data}
    for file, digest in digests.items():
        section = f"{file.kind}s"
        data[section] = {**data[section], file.name: {**data[section][file.name], DIGEST: digest}}
    return replace(loaded, project=convert(data), data=data)


def restore(data: Plain) -> Project:
    """Make the project again of what `read` gave as its data."""
    return convert(data)
