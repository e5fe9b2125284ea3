"""`configs` and `secrets`: where each comes from, and in which form a service finds it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import partial

from orchestrate.model.file import FileKind
from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, Rule
from orchestrate.spec.rules.kinds import (
    Forms,
    Named,
    OrNull,
    Refused,
    Scalar,
    Section,
    Unique,
    in_order,
)
from orchestrate.spec.rules.mounts import TARGET
from orchestrate.spec.rules.scalars import BOOLEAN, TEXT, matching

DIGEST = "x-digest"
"""Where the journal keeps a file's hash; in a Compose file it is an x- key like any other."""
_DEFAULT_MODE = "0444"
_DIRECTORIES = {"config": "/", "secret": "/run/secrets/"}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STORED = "nothing is stored in the cluster that could carry it: remove it"
_DRIVER = 'remove it, or let Ansible look it up: "external: true", and a variable with a lookup'

FILE_NAME = matching("a name of letters, digits and _ . -", r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def _read_path(spot: Cursor) -> Plain:
    """Absolute: a later cycle, started elsewhere, reads the same file."""
    text = str(spot.read(Scalar("a path", _parse_path)) or "")
    return posixpath.normpath(posixpath.join(spot.examination.directory, text)) if text else None


def _parse_path(text: str) -> str | None:
    if text.startswith("~"):
        raise ValueError("name the path from /, or from the directory of the Compose file")
    return text or None


def _check_source(sources: str, spot: Cursor, file: Plain) -> None:
    given = dict(spot.entries()) if isinstance(spot.content, dict) else {}
    known = ("file", "environment", "content", "external")
    named = [key for key in known if key in given and file.get(key) is not False]
    if len(named) != 1:
        found = " and ".join(named) or "none"
        spot.refuse(f"expected one of {sources}, got {found}")
    if "external" in named:
        _name_variable(spot, file)
    elif "name" in given:
        given["name"].refuse('only what is "external" has a name of its own: remove it')
    if file.get("external") is False:
        del file["external"]


def _name_variable(spot: Cursor, file: Plain) -> None:
    """The variable is named as the key is, unless `name` says otherwise."""
    file.setdefault("name", spot.key)
    if not _VARIABLE.fullmatch(file["name"]):
        spot.refuse(
            f"is a variable of Ansible, and {describe(file['name'])} is no name of one: "
            'give it by "name", of letters, digits and _'
        )


def _make_section(content: Rule, sources: str) -> Section:
    return Section(
        keys={
            "file": _read_path,
            "environment": matching("the name of a variable", r"[A-Za-z_][A-Za-z0-9_]*"),
            "content": content,
            "external": BOOLEAN,
            "name": TEXT,
            "labels": Refused(_STORED),
            "driver": Refused(_DRIVER),
            "driver_opts": Refused(_DRIVER),
            "template_driver": Refused(
                "variables of the Compose file and of Ansible do that: remove it"
            ),
        },
        checks=(partial(_check_source, sources),),
    )


_WRITTEN_OUT = 'a secret stands in no Compose file: name a "file", vaulted say, or a variable'
CONFIGS = OrNull(Named(FILE_NAME, _make_section(TEXT, "file, environment, content, external")))
SECRETS = OrNull(
    Named(FILE_NAME, _make_section(Refused(_WRITTEN_OUT), "file, environment, external"))
)


def _parse_mode(text: str) -> str | None:
    """Parse the mode as text, since 0440 and 440 are different numbers to YAML; write bits are ignored."""
    digits = text.removeprefix("0o").removeprefix("0")
    if re.fullmatch(r"[0-7]{3}", text):
        raise ValueError(f'write it with a leading zero, as in "0{text}"')
    return f"0{digits}" if re.fullmatch(r"[0-7]{3}", digits) else None


def _complete(kind: FileKind, section: Section, spot: Cursor, mount: Plain) -> Plain:
    """Give it its canonical form; None if a part of it was already refused."""
    source = mount.get("source")
    if source is None:
        return None
    path = posixpath.join(_DIRECTORIES[kind], mount.get("target", source))
    target = spot.holding(path).read(TARGET)
    if target is None:
        return None
    return [in_order(section, {"mode": _DEFAULT_MODE, **mount, "target": target})]


def _make_mounts(kind: FileKind) -> Unique:
    number = matching("a number of a user or group", r"0|[1-9][0-9]{0,8}")
    long = Section(
        keys={
            "source": FILE_NAME,
            "target": Scalar("a path in the container", lambda text: text or None),
            "uid": number,
            "gid": number,
            "mode": Scalar('an octal mode such as "0440"', _parse_mode),
        },
        required={"source": f'name one of the top-level "{kind}s"'},
    )
    complete: Callable[[Cursor, Plain], Plain] = partial(_complete, kind, long)
    return Unique(
        item=Forms(
            f"the name of a {kind} or a mapping",
            text=lambda spot: complete(spot, {"source": spot.read(FILE_NAME)}),
            mapping=lambda spot: complete(spot, long(spot)),
        ),
        identity=lambda mount: mount["target"],
        note=f"{kind}s",
    )


SERVICE_CONFIGS = _make_mounts("config")
SERVICE_SECRETS = _make_mounts("secret")
