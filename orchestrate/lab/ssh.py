"""SSH into the nodes: a key of the lab's own, and host keys that are known, not guessed."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from docker.models.containers import Container

from orchestrate.errors import InputError
from orchestrate.lab.inside import run_inside
from orchestrate.lab.paths import LabFiles

_BOOT_DEADLINE_S = 60
_POLL_S = 0.1
_PORT = 22
_HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"


def ensure_key(files: LabFiles, elsewhere: LabFiles) -> str:
    """The public half of the lab's key.

    A lab that was started in another directory keeps its key, so that both inventories work.
    """
    if not files.key.exists() and elsewhere.key.exists():
        for path in (elsewhere.key, elsewhere.public_key):
            shutil.copy2(path, files.directory)
    if not files.key.exists():
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "orchestrate-lab"]
        subprocess.run([*command, "-f", str(files.key)], check=True)
    return files.public_key.read_text(encoding="ascii").strip()


def authorize(node: Container, public_key: str) -> None:
    """Let the lab's key in as root; works before the node has booted."""
    node.put_archive("/root", _pack_authorized_keys(public_key))


def read_host_key(node: Container) -> str:
    """`type key`, read through the engine and so trustworthy, as soon as the node has made it."""
    deadline = time.monotonic() + _BOOT_DEADLINE_S
    while time.monotonic() < deadline:
        ended = run_inside(node, ["cat", _HOST_KEY])
        if ended.code == 0 and ended.out.strip():
            return " ".join(ended.out.decode("ascii").split()[:2])
        time.sleep(_POLL_S)
    raise InputError(f"{node.name} did not boot: no SSH host key after {_BOOT_DEADLINE_S} s")


def wait_for_sshd(node: str, address: str) -> None:
    deadline = time.monotonic() + _BOOT_DEADLINE_S
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((address, _PORT), timeout=1) as connection:
            if connection.recv(4) == b"SSH-":
                return
        time.sleep(_POLL_S)
    raise InputError(f"{node} ({address}): sshd does not answer after {_BOOT_DEADLINE_S} s")


def write_known_hosts(path: Path, host_keys: Mapping[str, str]) -> None:
    """`host_keys` by address."""
    lines = [f"{address} {key}\n" for address, key in host_keys.items()]
    path.write_text("".join(lines), encoding="ascii")


def ssh_options(known_hosts: Path) -> list[str]:
    """Trust these nodes by the keys we know, and offer no key but the lab's."""
    file = f'UserKnownHostsFile="{known_hosts}"'  # ssh takes the words of a bare path for several
    wanted = (file, "StrictHostKeyChecking=yes", "IdentitiesOnly=yes")
    return [word for option in wanted for word in ("-o", option)]


def ssh_command(files: LabFiles, address: str) -> list[str]:
    return ["ssh", "-i", str(files.key), *ssh_options(files.known_hosts), f"root@{address}"]


def _pack_authorized_keys(public_key: str) -> bytes:
    content = f"{public_key}\n".encode()
    folder = tarfile.TarInfo(".ssh")
    folder.type, folder.mode = tarfile.DIRTYPE, 0o700
    entry = tarfile.TarInfo(".ssh/authorized_keys")
    entry.size, entry.mode = len(content), 0o600
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(folder)
        tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
