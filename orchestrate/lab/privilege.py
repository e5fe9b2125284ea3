"""The privileges of a node container: as many as this machine is able to give.

A node needs what a whole machine has. Where every capability is in this process's bounding set the
engine's own word for that is `--privileged`; where one is missing (a machine inside a sandbox) the
engine refuses that word, and the capabilities that are left are named one by one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

# By bit number, as in linux/capability.h. The list ends where engines stop agreeing: BPF, PERFMON
# and CHECKPOINT_RESTORE are unknown to Docker 20.10, and a node does without them.
_CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL"),
    *("SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST"),
    *("NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO"),
    *("SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE"),
    *("SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE"),
    *("AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM"),
    *("BLOCK_SUSPEND", "AUDIT_READ"),
)


def choose_privilege(bounding_set: int, last_capability: int) -> dict[str, Any]:
    """The part of the engine API's `HostConfig` that gives a node its rights."""
    everything = (1 << (last_capability + 1)) - 1
    if bounding_set & everything == everything:
        return {"Privileged": True}
    return {
        "CapAdd": [name for bit, name in enumerate(_CAPABILITIES) if bounding_set >> bit & 1],
        "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined"],
        # Both lists empty is what the command line calls systempaths=unconfined.
        "MaskedPaths": [],
        "ReadonlyPaths": [],
        "DeviceCgroupRules": ["a *:* rwm"],
        "Devices": [
            {"PathOnHost": path, "PathInContainer": path, "CgroupPermissions": "rwm"}
            for path in ("/dev/fuse", "/dev/net/tun")
        ],
    }


def read_bounding_set(proc: Path = Path("/proc")) -> tuple[int, int]:
    """Read the process's capability bounding set, and the number of the kernel's last capability."""
    status = (proc / "self/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("CapBnd:"))
    last = (proc / "sys/kernel/cap_last_cap").read_text(encoding="ascii")
    return int(line.split()[1], 16), int(last)
