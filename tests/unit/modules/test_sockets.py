"""Who listens where, and which addresses the host has, as the kernel tells."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

from tests.unit.modules.collection import load

sockets = load("_sockets")
FIB_TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 192.0.2.10
        /32 host LOCAL
     |-- 192.0.2.255
        /32 link BROADCAST
Local:
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 127.0.0.0
        /8 host LOCAL
"""
IF_INET6 = "20010db8000000000000000000000001 02 40 00 80     eth0\n"


def test_a_listener_is_told_unless_it_is_the_program_itself() -> None:
    own = Path("/proc/self/comm").read_text(encoding="ascii").strip()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        place = {"address": "127.0.0.1", "port": listener.getsockname()[1]}

        assert place in sockets.listening("another program")
        assert place not in sockets.listening(own)


def test_what_listens_on_ipv6_is_told_too() -> None:
    with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as listener:
        place = {"address": "::1", "port": listener.getsockname()[1]}

        assert place in sockets.listening("another program")


def test_connections_are_no_listeners() -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        closing(socket.create_connection(listener.getsockname())) as connection,
    ):
        port = connection.getsockname()[1]

        assert port not in {one["port"] for one in sockets.listening("another program")}


def test_the_loopback_is_among_the_own_addresses() -> None:
    assert "127.0.0.1" in sockets.own_addresses()


def test_addresses_are_read() -> None:
    assert list(sockets.read_ipv4(FIB_TRIE.splitlines())) == ["192.0.2.10", "127.0.0.1"]
    assert list(sockets.read_ipv6(IF_INET6.splitlines())) == ["2001:db8::1"]
