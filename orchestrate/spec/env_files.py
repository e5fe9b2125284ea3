"""The stage that reads `env_file` and `label_file`: below what `environment` and `labels` say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from orchestrate.spec.dotenv import Variables, read_raw_variables, read_variables
from orchestrate.spec.file_store import FileStore
from orchestrate.spec.located import Located, Plain
from orchestrate.spec.pairs import as_pairs
from orchestrate.spec.rules.cursor import Cursor, Rule, Validation
from orchestrate.spec.rules.sources import ENV_FILE, ENV_FILE_ITEM, LABEL_FILE, PATH
from orchestrate.spec.template import layered

_Texts: TypeAlias = Mapping[str, str]


def read_env_files(root: Located, examination: Validation, shelf: FileStore) -> Located:
    """A tree without either. What the files say keeps its place in them."""
    if not isinstance(root.content, dict) or "services" not in root.content:
        return root
    services = root.content["services"]
    if not isinstance(services.content, dict):
        return root
    content = {
        name: _read_service(Cursor(service, ("services", name), examination), shelf)
        for name, service in services.content.items()
    }
    return root._replace(content={**root.content, "services": services._replace(content=content)})


def _read_service(service: Cursor, shelf: FileStore) -> Located:
    content = service.content
    if not isinstance(content, dict) or content.keys().isdisjoint(_KEYS):
        return service.located
    kept = {key: value for key, value in content.items() if key not in _KEYS}
    for key, (target, read) in _KEYS.items():
        if key in content:
            spot = service.at(key, content[key])
            own = kept.get(target, spot.located._replace(content=None))
            kept[target] = _lay_below(own, partial(read, spot, shelf))
    return service.located._replace(content=kept)


def _lay_below(own: Located, read: Callable[[_Texts], Variables]) -> Located:
    """`own` with what the files say; they may use what it says."""
    pairs = {} if own.content is None else as_pairs(own.content)
    texts = {name: value.content for name, value in (pairs or {}).items()}
    found = read({name: text for name, text in texts.items() if isinstance(text, str)})
    return own if pairs is None else own._replace(content={**found, **pairs})


def _read_environment(spot: Cursor, shelf: FileStore, own: _Texts) -> Variables:
    """Read the variables; of a name that several files set, the last file's value counts."""
    findings = spot.examination.findings
    known = layered(spot.examination.environment, own)
    found: Variables = {}
    for entry, file in _entries(spot, ENV_FILE, ENV_FILE_ITEM):
        document = shelf.find(
            file["path"], entry.place, entry.path, required=file.get("required", True)
        )
        if document and file.get("format") == "raw":
            found |= read_raw_variables(document, findings)
        elif document:
            found |= read_variables(document, known, findings)
    return found


def _read_labels(spot: Cursor, shelf: FileStore, _: _Texts) -> Variables:
    """A label is no variable: what a file may use is above it, or in the files before."""
    found: Variables = {}
    for entry, path in _entries(spot, LABEL_FILE, PATH):
        if document := shelf.find(path, entry.place, entry.path):
            above = {name: value.content for name, value in found.items()}
            known = {name: text for name, text in above.items() if isinstance(text, str)}
            found |= read_variables(document, known, spot.examination.findings)
    return found


def _entries(spot: Cursor, rule: Rule, item: Rule) -> Iterator[tuple[Cursor, Plain]]:
    """Each file that is named as its rule asks for."""
    if spot.content is None:
        return
    if not isinstance(spot.content, str | list):
        spot.read(rule)
        return
    entries = spot.items() if isinstance(spot.content, list) else iter((spot,))
    for entry in entries:
        file = entry.read(item)
        if file and (isinstance(file, str) or file.get("path")):
            yield entry, file


_KEYS: Mapping[str, tuple[str, Callable[[Cursor, FileStore, _Texts], Variables]]] = {
    "env_file": ("environment", _read_environment),
    "label_file": ("labels", _read_labels),
}
