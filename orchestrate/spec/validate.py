"""Stage 4: hold the merged file against the rules, and give it its canonical form.

What comes out is Compose data in one spelling (long forms, mappings, seconds as `1m30s`, bytes as a
number), with no null in it, so that nothing further down asks how something was written.
"""

from __future__ import annotations

import posixpath

from orchestrate.spec.located import Located, Plain
from orchestrate.spec.rules.across import (
    check_aliases,
    check_attempts,
    check_container_names,
    check_dependencies,
    check_files,
    check_ingress,
    check_joined,
    check_links,
    check_mounted,
    check_published,
    check_service_names,
    check_targets,
)
from orchestrate.spec.rules.cursor import Cursor, Validation
from orchestrate.spec.rules.project import PROJECT, PROJECT_NAME, normalise_project_name


def validate(root: Located, examination: Validation) -> Plain:
    spot = Cursor(root, (), examination)
    project = spot.read(PROJECT) or {}
    name = project.get("name") or _derive_name(spot, posixpath.basename(examination.directory))
    check_published(examination.notes)
    check_ingress(examination.notes)
    check_mounted(examination.notes, project.get("volumes", {}).keys())
    check_dependencies(examination, project.get("services", {}))
    check_attempts(examination.notes, project.get("services", {}))
    check_files(examination.notes, "configs", project.get("configs", {}).keys())
    check_files(examination.notes, "secrets", project.get("secrets", {}).keys())
    check_targets(examination.notes)
    check_service_names(examination.notes, name)
    check_joined(examination.notes, project.get("networks", {}).keys())
    check_aliases(examination.notes, name)
    check_container_names(examination.notes)
    check_links(examination.notes, project.get("services", {}))
    return {"name": name, **project}


def _derive_name(spot: Cursor, directory_name: str) -> str:
    """Take the directory's name if the file has none; a name that was refused is not asked again."""
    name = normalise_project_name(directory_name)
    if isinstance(spot.content, dict) and "name" not in spot.content:
        Cursor(Located(name, spot.place), ("name",), spot.examination).read(PROJECT_NAME)
    return name
