"""Ansible tags its texts with their origin; outside this adapter they are only texts."""

from __future__ import annotations


def untagged(text: object) -> str:
    return str(text).encode().decode()
