"""A keyed hash of configs and secrets: without the key nobody can test a guess against it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from orchestrate.errors import InputError
from orchestrate.model.file import File
from orchestrate.model.plan import Plan, StartReplica
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service

Read = Callable[[File, str], bytes]
"""(file, node) -> what is in the file now, as the node would get it; or InputError."""
_LENGTH = 32


def digests(project: Project, node: str, read: Read, key: bytes) -> dict[File, str]:
    """The hash of each file that a service uses, as `node` gets it. InputError names all that fail."""
    found: dict[File, str] = {}
    problems: list[str] = []
    for file in used_files(*project.services):
        try:
            found[file] = digest(key, project.name, file, read(file, node))
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    return found


def digest(key: bytes, project: str, file: File, content: bytes) -> str:
    """128 bits in hexadecimal digits. Two files of the same content differ in it."""
    name = f"{project}/{file.kind}/{file.name}"
    return hmac.new(key, name.encode() + b"\0" + content, hashlib.sha256).hexdigest()[:_LENGTH]


def used_files(*services: Service) -> tuple[File, ...]:
    """Each once. What no service uses is never read."""
    return tuple(dict.fromkeys(mount.file for one in services for mount in one.storage.files))


def doubts(plan: Plan, read: Read, key: bytes) -> dict[str, str]:
    """Project -> why nothing of it may start: a file of it is not what it was when it was deployed."""
    reasons: dict[str, str] = {}
    for start in plan.starts:
        for file in used_files(start.replica.service):
            reason = _doubt(start, file, read, key)
            if reason:
                reasons.setdefault(start.replica.project, reason)
    return reasons


def _doubt(start: StartReplica, file: File, read: Read, key: bytes) -> str:
    project = start.replica.project
    try:
        content = read(file, start.node)
    except InputError as error:
        return str(error)
    if digest(key, project, file, content) == file.digest:
        return ""
    return (
        f"{file.path}: on {start.node} it would not be what it was when {project} was deployed: "
        "run `orchestrate deploy` if it has changed; a variable must be the same for all nodes"
    )
