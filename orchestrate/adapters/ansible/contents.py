"""The port `Contents`: configs and secrets as Ansible will read them when it brings them to a node.

The code that reads is that of the collection, which the playbook runs too; so what was hashed here is
what arrives there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.errors import InputError
from orchestrate.model.file import File, Source

_READER = "ansible_collections/orchestrate/cluster/plugins/plugin_utils/contents.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsibleContents:
    """Reads each once: to open a vault takes its time, and within a cycle nothing should change."""

    inventory: Inventory
    _read: dict[tuple[Source, str], bytes] = field(default_factory=dict, repr=False)

    def read(self, file: File, node: str) -> bytes:
        place = file.source, node if file.source.kind == "variable" else ""
        if place not in self._read:
            self._read[place] = self._content(file, node)
        return self._read[place]

    def _content(self, file: File, node: str) -> bytes:
        templar, loader = self.inventory.templar(node), self.inventory.sources.loader
        from ansible.errors import AnsibleError  # noqa: PLC0415 - Ansible takes half a second to import

        source = {file.source.kind: file.source.name}
        try:
            content: bytes = _reader().read_content(source, templar, loader)
        except AnsibleError as error:
            raise InputError(f"{file.path}: {error}") from error
        return content


@cache
def _reader() -> ModuleType:
    """Load the reader by its path: by its name it would be that of whichever collection is found first."""
    spec = spec_from_file_location("orchestrate_contents", shipped.collections() / _READER)
    if spec is None or spec.loader is None:
        raise ImportError(f"{_READER} is missing beside the package")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
