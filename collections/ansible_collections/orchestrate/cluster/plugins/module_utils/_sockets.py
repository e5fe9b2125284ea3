# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where programs of this host listen for TCP connections, and the addresses that it has."""

from __future__ import annotations

import glob
import os
import socket
import struct
from typing import Iterator

_LISTEN = "0A"
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_IPV4_ROUTES = "/proc/net/fib_trie"
_IPV6_ADDRESSES = "/proc/net/if_inet6"


def listening(program: str) -> list[dict]:
    """List where others than this program listen; each with `address` and `port`."""
    own = _sockets_of(program)
    found = {
        _read_place(row[1])
        for table in _TABLES
        for row in map(str.split, _lines(table)[1:])
        if row[3] == _LISTEN and row[9] not in own
    }
    return [{"address": address, "port": port} for address, port in sorted(found)]


def own_addresses() -> list[str]:
    """List the addresses of all interfaces, those of the loopback included."""
    return sorted({*read_ipv4(_lines(_IPV4_ROUTES)), *read_ipv6(_lines(_IPV6_ADDRESSES))})


def read_ipv4(lines: list[str]) -> Iterator[str]:
    """Find the local ones: the line below an address says what it is."""
    for address, kind in zip(lines, lines[1:]):  # noqa: B905, RUF007 - Python 3.9 on nodes
        if "/32 host LOCAL" in kind:
            yield address.split()[-1]


def read_ipv6(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield socket.inet_ntop(socket.AF_INET6, bytes.fromhex(line.split()[0]))


def _read_place(text: str) -> tuple[str, int]:
    """Read `0100007F:1F90`: words in the order of this machine's bytes, then the port."""
    address, _, port = text.partition(":")
    words = [address[first : first + 8] for first in range(0, len(address), 8)]
    packed = b"".join(struct.pack("=I", int(word, 16)) for word in words)
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return _unmapped(socket.inet_ntop(family, packed)), int(port, 16)


def _unmapped(address: str) -> str:
    """Write an IPv4 address that an IPv6 socket has as one."""
    return address[7:] if address.startswith("::ffff:") and "." in address else address


def _sockets_of(program: str) -> set[str]:
    """The inodes of its sockets, of all of its processes."""
    found = set()
    for process in glob.glob("/proc/[0-9]*"):
        if _lines(f"{process}/comm") == [program]:
            found |= {link[8:-1] for link in _links(f"{process}/fd") if link.startswith("socket:[")}
    return found


def _links(directory: str) -> list[str]:
    """A process may end, and a file be closed, while it is looked at."""
    links = []
    try:
        names = os.listdir(directory)
    except OSError:
        return links
    for name in names:
        try:
            links.append(os.readlink(os.path.join(directory, name)))
        except OSError:
            continue
    return links


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []  # no such process any more, or no IPv6
