"""Ansible's complaints about an unreadable inventory, a page of warnings -> the sentence that matters.

Each of its plugins has tried the file and complains in its own way; the first that knew the format is
the one to listen to, and only some of them tell the line.
"""

from __future__ import annotations

import re

_COMPLAINT = re.compile(r"Failed to parse inventory with '([^']+)' plugin: (.+)")
_PLACE = re.compile(r"^Origin: (\S+?(:\d+)?)(:\d+)?$", re.MULTILINE)
_GENERAL = ("auto", "host_list")  # they try every file, and know no format of their own


def reason_of(warnings: str) -> str:
    """Empty where the warnings tell none."""
    found = dict(_COMPLAINT.findall(warnings))
    known = [text for plugin, text in found.items() if plugin not in _GENERAL]
    text = next(iter([*known, *found.values()]), "")
    place = _PLACE.search(warnings)
    return f"{text} ({place[1]})" if text and place else text
