# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a container has mounted, as the engine is asked for it and as it shows it."""

from __future__ import annotations

import re

# The engine names a volume that nobody named by 64 hexadecimal digits; its name says nothing to anyone.
_UNNAMED_VOLUME = re.compile(r"[0-9a-f]{64}")
_ENGINES_OWN_PROPAGATION = "rprivate"


def write(mount: dict) -> dict:
    options = {}
    if mount.get("propagation"):
        options["BindOptions"] = {"Propagation": mount["propagation"]}
    if mount.get("nocopy"):
        options["VolumeOptions"] = {"NoCopy": True}
    return {
        "Type": mount["type"],
        "Source": mount["source"],
        "Target": mount["target"],
        "ReadOnly": mount["read_only"],
        **options,
    }


def read(inspection: dict) -> list[dict]:
    asked = {mount["Target"]: mount for mount in inspection["HostConfig"].get("Mounts") or ()}
    seen = (
        {
            "type": mount["Type"],
            "source": _read_source(mount),
            "target": mount["Destination"],
            "read_only": not mount["RW"],
            **_read_options(mount, asked.get(mount["Destination"], {})),
        }
        for mount in inspection.get("Mounts") or ()
    )
    return sorted(seen, key=lambda mount: mount["target"])


def _read_options(mount: dict, asked: dict) -> dict:
    """Only what is not as without asking."""
    propagation = mount.get("Propagation") or _ENGINES_OWN_PROPAGATION
    options = {} if propagation == _ENGINES_OWN_PROPAGATION else {"propagation": propagation}
    if (asked.get("VolumeOptions") or {}).get("NoCopy"):
        options["nocopy"] = True
    return options


def _read_source(mount: dict) -> str:
    if mount["Type"] != "volume":
        return mount.get("Source", "")
    return "" if is_unnamed(mount["Name"]) else mount["Name"]


def is_unnamed(volume: str) -> bool:
    return bool(_UNNAMED_VOLUME.fullmatch(volume))
