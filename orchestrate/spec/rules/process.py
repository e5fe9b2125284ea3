"""How the process of a container is started and ended, and what it finds around itself."""

from __future__ import annotations

import ipaddress
import re

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, MismatchError, Rule
from orchestrate.spec.rules.kinds import Forms, ListOf, OrNull, Scalar, Section, one_or_more
from orchestrate.spec.rules.mounts import parse_path
from orchestrate.spec.rules.pairs import OPTIONS
from orchestrate.spec.rules.scalars import BOOLEAN, TEXT, matching
from orchestrate.spec.words import split_words

_GATEWAY = "host-gateway"
_HOSTS = 'a mapping of names to addresses, or a list such as "db.example.com:192.0.2.7"'
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}
_PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9]+")
_HOST_LINE = re.compile(r"([^\s:=]+)[:=](\S+)")


def _split_line(spot: Cursor) -> Plain:
    try:
        return split_words(str(spot.content))
    except ValueError as error:
        raise MismatchError(f"expected a command line, {error}") from error


def _read_host_list(spot: Cursor) -> Plain:
    read: dict[str, list[str]] = {}
    for item in spot.items():
        found = _HOST_LINE.fullmatch(item.content) if isinstance(item.content, str) else None
        if not found:
            item.refuse(f'expected a line such as "name:192.0.2.7", got {describe(item.content)}')
            continue
        address = item.holding(found[2]).read(_ADDRESS)
        if address:
            read.setdefault(found[1], []).append(address)
    return dict(sorted(read.items()))


def _read_host_mapping(spot: Cursor) -> Plain:
    read = {name: child.read(_ADDRESSES) for name, child in spot.entries()}
    return {name: addresses for name, addresses in sorted(read.items()) if addresses}


def _parse_platform(text: str) -> str | None:
    system, _, processor = text.lower().partition("/")
    if "/" in processor:
        raise ValueError("nodes do not tell the variant of their processor: leave it out")
    known = _PROCESSORS.get(processor, processor)
    return f"{system}/{known}" if _PLATFORM.fullmatch(f"{system}/{known}") else None


def _parse_host_address(text: str) -> str | None:
    if text == _GATEWAY:
        return text
    try:
        return str(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return None


_ADDRESS = Scalar(f'an IP address or "{_GATEWAY}"', _parse_host_address)
_ADDRESSES = one_or_more("an address or a list of them", _ADDRESS)
_NAME = r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"


LINE = Forms("a command line or a list of words", text=_split_line, sequence=ListOf(TEXT))
COMMAND = OrNull(LINE)
USER = matching('a user such as "1000:1000" or "app"', r"[A-Za-z0-9_.:-]*")
WORKING_DIR = Scalar("a path in the container, from / and without ..", parse_path)
PLATFORM = Scalar('a platform such as "linux/arm64"', _parse_platform)
PROCESS: dict[str, Rule] = {
    "working_dir": WORKING_DIR,
    "group_add": ListOf(matching("the name or number of a group", r"[A-Za-z0-9_.-]+")),
    "init": BOOLEAN,
    "tty": BOOLEAN,
    "stdin_open": BOOLEAN,
    "stop_signal": matching('a signal such as "SIGINT" or "2"', r"(SIG)?[A-Z0-9+]+|[0-9]{1,2}"),
    "hostname": matching('a name such as "db1"', rf"{_NAME}(\.{_NAME})*"),
    "domainname": matching('a domain such as "example.com"', rf"{_NAME}(\.{_NAME})*"),
    "dns_search": one_or_more(
        "a domain or a list of them", matching("a domain", rf"{_NAME}(\.{_NAME})*\.?|\.")
    ),
    "dns_opt": ListOf(
        matching('an option of the resolver such as "timeout:3"', r"[a-z0-9_-]+(:[0-9]+)?")
    ),
    "extra_hosts": Forms(_HOSTS, sequence=_read_host_list, mapping=_read_host_mapping),
    "logging": Section(
        {"driver": matching('a log driver such as "local"', r"[\w./:-]+"), "options": OPTIONS}
    ),
}
