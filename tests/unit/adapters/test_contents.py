"""Configs and secrets, read in this process by Ansible's own means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrate.adapters.ansible.contents import AnsibleContents
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.errors import InputError
from orchestrate.model.file import Source, SourceKind
from orchestrate.model.settings import Settings
from tests.builders import file
from tests.vaults import password_file, vaulted, vaulted_variable

PASSWORD = "open-sesame"
Read = Callable[..., bytes]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """`read(kind, name)`: what n1, or another node, would get; flags are those of ansible-playbook."""
    hosts = tmp_path / "hosts.yml"
    hosts.write_text("all: {hosts: {n1: {own: of-n1}, n2: {own: of-n2}}}")
    variables = tmp_path / "group_vars" / "all.yml"
    variables.parent.mkdir()
    variables.write_text(
        f"plain: as-it-is\n"
        f"looked_up: \"{{{{ lookup('ansible.builtin.file', inventory_dir ~ '/plain.txt') }}}}\"\n"
        f"joined: 'postgres://{{{{ own }}}}'\n"
        f"undefined: '{{{{ nowhere }}}}'\n"
        f"number: 0123\n"
        f"braces: !unsafe '{{{{ 7 * 7 }}}}'\n"
        f"vaulted: {vaulted_variable('from-the-vault', PASSWORD)}\n"
    )
    (tmp_path / "plain.txt").write_bytes(b"of-a-file")
    (tmp_path / "binary").write_bytes(b"\x00\xff")
    (tmp_path / "vaulted.txt").write_text(vaulted(b"\x00of-a-vault\n", PASSWORD))
    (tmp_path / "large").write_bytes(b"x" * ((1 << 20) + 1))

    def content(kind: SourceKind, name: str, node: str = "n1", **flags: Any) -> bytes:
        options = AnsibleOptions(inventory=(str(hosts),), **flags)
        contents = AnsibleContents(inventory=Inventory(options, Settings()))
        return contents.read(file(source=Source(kind=kind, name=name)), node)

    return content


def opened(directory: Path) -> dict[str, tuple[str, ...]]:
    return {"vault_password_files": (password_file(directory, PASSWORD),)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("plain.txt", b"of-a-file", id="plain"),
        pytest.param("binary", b"\x00\xff", id="no-text"),
        pytest.param("vaulted.txt", b"\x00of-a-vault\n", id="vaulted"),
    ],
)
def test_a_file(read: Read, tmp_path: Path, name: str, expected: bytes) -> None:
    assert read("file", str(tmp_path / name), **opened(tmp_path)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("plain", b"as-it-is", id="plain"),
        pytest.param("looked_up", b"of-a-file", id="lookup"),
        pytest.param("joined", b"postgres://of-n1", id="template"),
        pytest.param("vaulted", b"from-the-vault", id="vaulted"),
        pytest.param("braces", b"{{ 7 * 7 }}", id="unsafe"),
    ],
)
def test_a_variable(read: Read, tmp_path: Path, name: str, expected: bytes) -> None:
    assert read("variable", name, **opened(tmp_path)) == expected


def test_a_variable_of_another_node(read: Read) -> None:
    assert read("variable", "joined", "n2") == b"postgres://of-n2"


def test_a_text_is_no_template(read: Read) -> None:
    assert read("content", "{{ 7 * 7 }}\n") == b"{{ 7 * 7 }}\n"


def test_the_environment(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "of-the-environment")

    assert read("environment", "API_KEY") == b"of-the-environment"


def test_a_vault_with_an_id(read: Read, tmp_path: Path) -> None:
    ids = (f"prod@{password_file(tmp_path, PASSWORD)}",)

    assert read("variable", "vaulted", vault_ids=ids) == b"from-the-vault"


CLOSED = (
    "is vaulted, and no vault password that was given opens it: "
    "give it by --vault-password-file or --vault-id"
)
FAILURES = [
    pytest.param(
        ("file", "/nowhere/key"), "file /nowhere/key: no such file or directory", id="none"
    ),
    pytest.param(("file", "/etc"), "file /etc: is a directory", id="directory"),
    pytest.param(
        ("file", "{here}/vaulted.txt"), f"file {{here}}/vaulted.txt: {CLOSED}", id="vaulted"
    ),
    pytest.param(
        ("file", "{here}/large"),
        "file {here}/large: is larger than 1 MiB: put it on a volume",
        id="large",
    ),
    pytest.param(
        ("environment", "NOT_SET_ANYWHERE"),
        "environment NOT_SET_ANYWHERE: is not set where Ansible runs",
        id="not-in-the-environment",
    ),
    pytest.param(
        ("variable", "nowhere"),
        "variable nowhere: is not set: set it for all nodes, in group_vars, say",
        id="no-variable",
    ),
    pytest.param(("variable", "vaulted"), f"variable vaulted: {CLOSED}", id="vaulted-variable"),
    pytest.param(
        ("variable", "number"), "variable number: is no text: put its value in quotes", id="number"
    ),
]


@pytest.mark.parametrize("given", ["nothing", "wrong"])
@pytest.mark.parametrize(("source", "message"), FAILURES)
def test_what_cannot_be_read_is_said(
    read: Read, tmp_path: Path, source: tuple[str, str], message: str, given: str
) -> None:
    kind, name = source
    wrong = {"vault_password_files": (password_file(tmp_path, given),)}

    with pytest.raises(InputError) as caught:
        read(kind, name.format(here=tmp_path), **(wrong if given == "wrong" else {}))

    assert str(caught.value) == "secrets.key: " + message.format(here=tmp_path)


def test_a_template_that_fails_is_said_in_one_line(read: Read) -> None:
    with pytest.raises(InputError, match=r"\Asecrets.key: variable undefined: .*'nowhere'.*\Z"):
        read("variable", "undefined")
