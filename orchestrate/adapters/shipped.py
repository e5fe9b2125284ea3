"""The places of the files that come with the package: the collection, the playbooks, the examples.

In a checkout they lie beside the package. A wheel carries playbooks and examples inside the
package, and the collection as `ansible_collections` on Python's path, where Ansible looks by
itself; so `ansible-playbook` of the same environment knows `orchestrate.cluster` in both.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def collections(package: Path = _PACKAGE) -> Path:
    """The directory that holds `ansible_collections`."""
    return package.parent if _is_installed(package) else package.parent / "collections"


def playbooks(package: Path = _PACKAGE) -> Path:
    return _carried(package) / "playbooks"


def examples(package: Path = _PACKAGE) -> Path:
    return _carried(package) / "examples"


def _carried(package: Path) -> Path:
    return package / "_shipped" if _is_installed(package) else package.parent


def _is_installed(package: Path) -> bool:
    return (package / "_shipped").is_dir()
