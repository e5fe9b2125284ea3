"""The stage that reads `env_file`: what is in the files goes below what `environment` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestrate.spec.dotenv import Variables, read_raw_variables, read_variables
from orchestrate.spec.located import Located, Plain
from orchestrate.spec.pairs import as_pairs
from orchestrate.spec.rules.sources import ENV_FILE, ENV_FILE_ITEM
from orchestrate.spec.rules.spot import Examination, Spot
from orchestrate.spec.shelf import Shelf
from orchestrate.spec.template import layered


def read_env_files(root: Located, examination: Examination, shelf: Shelf) -> Located:
    """A tree without `env_file`. The variables keep their place in their file."""
    if not isinstance(root.content, dict) or "services" not in root.content:
        return root
    services = root.content["services"]
    if not isinstance(services.content, dict):
        return root
    content = {
        name: _read_service(Spot(service, f"services.{name}", examination), shelf)
        for name, service in services.content.items()
    }
    return root._replace(content={**root.content, "services": services._replace(content=content)})


def _read_service(service: Spot, shelf: Shelf) -> Located:
    if not isinstance(service.content, dict) or "env_file" not in service.content:
        return service.located
    content = dict(service.content)
    spot = service.at("env_file", content.pop("env_file"))
    own = content.get("environment", spot.located._replace(content=None))
    pairs = {} if own.content is None else as_pairs(own.content)
    if pairs is not None:
        texts = {name: value.content for name, value in pairs.items()}
        given = {name: text for name, text in texts.items() if isinstance(text, str)}
        known = layered(service.examination.environment, given)
        found = _read_files(spot, known, shelf)
        content["environment"] = own._replace(content={**found, **pairs})
    return service.located._replace(content=content)


def _read_files(spot: Spot, known: Mapping[str, str], shelf: Shelf) -> Variables:
    """Of a name that several files have, the last file's value."""
    findings = spot.examination.findings
    found: Variables = {}
    for entry, file in _files(spot):
        document = shelf.find(
            file["path"], entry.place, entry.path, required=file.get("required", True)
        )
        if document and file.get("format") == "raw":
            found |= read_raw_variables(document, findings)
        elif document:
            found |= read_variables(document, known, findings)
    return found


def _files(spot: Spot) -> Iterator[tuple[Spot, Plain]]:
    """Each entry that is as its rule asks for."""
    if spot.content is None:
        return
    if not isinstance(spot.content, str | list):
        spot.read(ENV_FILE)
        return
    entries = spot.items() if isinstance(spot.content, list) else iter((spot,))
    for entry in entries:
        file = entry.read(ENV_FILE_ITEM)
        if file and file.get("path"):
            yield entry, file
