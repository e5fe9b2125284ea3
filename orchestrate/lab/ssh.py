"""SSH into the nodes: a key of the lab's own, and host keys that are known, not guessed."""

from __future__ import annotations

import io
import socket
import subprocess
import tarfile
import time
from collections.abc import Mapping
from pathlib import Path

from docker.models.containers import Container

from orchestrate.errors import InputError

_BOOT_DEADLINE_S = 60
_POLL_S = 0.1
_HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"


def ensure_key(key: Path) -> str:
    """The public half of the lab's key, made when there is none."""
    if not key.exists():
        key.parent.mkdir(parents=True, exist_ok=True)
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "orchestrate-lab"]
        subprocess.run([*command, "-f", str(key)], check=True)
    return key.with_suffix(".pub").read_text(encoding="ascii").strip()


def authorize(node: Container, public_key: str) -> None:
    """Let the lab's key in as root; works before the node has booted."""
    node.put_archive("/root", _archive(".ssh/authorized_keys", public_key + "\n"))


def read_host_key(node: Container) -> str:
    """`type key`, read through the engine and so trustworthy, as soon as the node has made it."""
    deadline = time.monotonic() + _BOOT_DEADLINE_S
    while time.monotonic() < deadline:
        code, output = node.exec_run(["cat", _HOST_KEY], stderr=False)
        if code == 0 and output.strip():
            return " ".join(output.decode("ascii").split()[:2])
        time.sleep(_POLL_S)
    raise InputError(f"{node.name}: no SSH host key after {_BOOT_DEADLINE_S} s: it did not boot")


def wait_for_sshd(address: str) -> None:
    deadline = time.monotonic() + _BOOT_DEADLINE_S
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((address, 22), timeout=1) as connection:
                if connection.recv(4) == b"SSH-":
                    return
        except OSError:
            pass
        time.sleep(_POLL_S)
    raise InputError(f"{address}: sshd does not answer after {_BOOT_DEADLINE_S} s")


def write_known_hosts(path: Path, host_keys: Mapping[str, str]) -> None:
    """`host_keys` by address."""
    lines = [f"{address} {key}\n" for address, key in sorted(host_keys.items())]
    path.write_text("".join(lines), encoding="ascii")


def ssh_options(known_hosts: Path) -> list[str]:
    """Trust these nodes by the keys we know, and offer no key but the lab's."""
    wanted = (
        f"UserKnownHostsFile={known_hosts}",
        "StrictHostKeyChecking=yes",
        "IdentitiesOnly=yes",
    )
    return [word for option in wanted for word in ("-o", option)]


def _archive(path: str, text: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        folder = tarfile.TarInfo(path.rpartition("/")[0])
        folder.type, folder.mode = tarfile.DIRTYPE, 0o700
        tar.addfile(folder)
        entry = tarfile.TarInfo(path)
        content = text.encode()
        entry.size, entry.mode = len(content), 0o600
        tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
