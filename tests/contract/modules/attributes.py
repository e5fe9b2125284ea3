"""The attributes of a service, each with what the engine's inspection says of a container that has it."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.contract.modules.site import NETWORK


class Row(NamedTuple):
    """`text` is of the service; `shows` are paths in the inspection.

    `fails` is why a container that has it cannot be started on every machine, this one may be one of
    them: there the container is only made.
    """

    text: str
    shows: dict[str, Any]
    fails: str = ""


def of_host(text: str, fails: str = "", **fields: Any) -> Row:
    return Row(text, {f"HostConfig.{name}": value for name, value in fields.items()}, fails)


def own(text: str, **fields: Any) -> Row:
    return Row(text, {f"Config.{name}": value for name, value in fields.items()})


NO_DISK = "needs a disk that the kernel can schedule"
RATE = [{"Path": "/dev/sda", "Rate": 1048576}]
PROBE = {
    "Test": ["CMD-SHELL", "true"],
    "Interval": 1_500_000_000,
    "Timeout": 3_000_000_000,
    "Retries": 2,
    "StartPeriod": 9_000_000_000,
}

ROWS: dict[str, Row] = {
    "annotations": of_host(
        "annotations: {a.b: c}", Annotations={"a.b": "c"}, fails="needs an engine of 24 or later"
    ),
    "blkio-weight": of_host("blkio_config: {weight: 300}", BlkioWeight=300, fails=NO_DISK),
    "blkio-read": of_host(
        "blkio_config: {device_read_bps: [{path: /dev/sda, rate: 1m}]}",
        BlkioDeviceReadBps=RATE,
        fails=NO_DISK,
    ),
    "blkio-write": of_host(
        "blkio_config: {device_write_bps: [{path: /dev/sda, rate: 1m}]}",
        BlkioDeviceWriteBps=RATE,
        fails=NO_DISK,
    ),
    "blkio-read-iops": of_host(
        "blkio_config: {device_read_iops: [{path: /dev/sda, rate: 1048576}]}",
        BlkioDeviceReadIOps=RATE,
        fails=NO_DISK,
    ),
    "blkio-write-iops": of_host(
        "blkio_config: {device_write_iops: [{path: /dev/sda, rate: 1048576}]}",
        BlkioDeviceWriteIOps=RATE,
        fails=NO_DISK,
    ),
    "blkio-weight-device": of_host(
        "blkio_config: {weight_device: [{path: /dev/sda, weight: 400}]}",
        BlkioWeightDevice=[{"Path": "/dev/sda", "Weight": 400}],
        fails=NO_DISK,
    ),
    "cap-add": of_host("cap_add: [cap_net_admin]", CapAdd=["NET_ADMIN"]),
    "cap-drop": of_host("cap_drop: [mknod, chown]", CapDrop=["CHOWN", "MKNOD"]),
    "cgroup": of_host("cgroup: host", CgroupnsMode="host"),
    "cgroup-parent": of_host("cgroup_parent: /orchestrate", CgroupParent="/orchestrate"),
    "command": own("command: ['8001', two words]", Cmd=["8001", "two words"]),
    "cpu-quota": of_host("{cpu_period: 50ms, cpu_quota: 25000}", CpuPeriod=50_000, CpuQuota=25_000),
    "cpu-rt": of_host(
        "{cpu_rt_period: 1s, cpu_rt_runtime: 1ms}",
        CpuRealtimePeriod=1_000_000,
        CpuRealtimeRuntime=1_000,
        fails="needs a kernel that schedules groups in real time",
    ),
    "cpu-shares": of_host("cpu_shares: 512", CpuShares=512),
    "cpus": of_host("cpus: 0.25", NanoCpus=250_000_000),
    "cpuset": of_host('cpuset: "0"', CpusetCpus="0"),
    "deploy-limits": of_host(
        "deploy: {resources: {limits: {cpus: '0.5', memory: 64M, pids: 50}}}",
        NanoCpus=500_000_000,
        Memory=64 << 20,
        PidsLimit=50,
    ),
    "deploy-devices": of_host(
        "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], device_ids: ['0']}]}}}",
        DeviceRequests=[
            {
                "Driver": "",
                "Count": 0,
                "DeviceIDs": ["0"],
                "Capabilities": [["gpu"]],
                "Options": {},
            }
        ],
        fails="needs a GPU and its driver",
    ),
    "deploy-devices-long": of_host(
        "deploy: {resources: {reservations: {devices: "
        "[{capabilities: [tpu], driver: acme, count: 2, options: {a: b}}]}}}",
        DeviceRequests=[
            {
                "Driver": "acme",
                "Count": 2,
                "DeviceIDs": [],
                "Capabilities": [["tpu"]],
                "Options": {"a": "b"},
            }
        ],
        fails="needs such a driver",
    ),
    "deploy-reservations": of_host(
        "deploy: {resources: {reservations: {cpus: '0.01', memory: 32M}}}",
        MemoryReservation=32 << 20,
        NanoCpus=0,
    ),
    "deploy-restart": of_host(
        "deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}",
        RestartPolicy={"Name": "on-failure", "MaximumRetryCount": 3},
    ),
    "device-rules": of_host("device_cgroup_rules: ['c 1:3 mr']", DeviceCgroupRules=["c 1:3 mr"]),
    "devices": of_host(
        "devices: [/dev/fuse, '/dev/null:/dev/nothing:r']",
        Devices=[
            {
                "PathOnHost": "/dev/fuse",
                "PathInContainer": "/dev/fuse",
                "CgroupPermissions": "rwm",
            },
            {
                "PathOnHost": "/dev/null",
                "PathInContainer": "/dev/nothing",
                "CgroupPermissions": "r",
            },
        ],
    ),
    "devices-long": of_host(
        "devices: [{source: /dev/null, target: /dev/nothing, permissions: rw}]",
        Devices=[
            {
                "PathOnHost": "/dev/null",
                "PathInContainer": "/dev/nothing",
                "CgroupPermissions": "rw",
            }
        ],
    ),
    "dns-opt": of_host("dns_opt: ['timeout:3']", DnsOptions=["ndots:1", "timeout:3"]),
    "dns-opt-dots": of_host("dns_opt: ['ndots:3']", DnsOptions=["ndots:3"]),
    "dns-search": of_host(
        "dns_search: corp.example.com",
        DnsSearch=["orchestrate-contract.query.consul", "corp.example.com"],
    ),
    "domainname": own("domainname: example.com", Domainname="example.com"),
    "entrypoint": own("{entrypoint: [/serve], command: ['8001']}", Entrypoint=["/serve"]),
    "expose": own("expose: ['9000']", ExposedPorts={"8000/tcp": {}, "9000/tcp": {}}),
    "extra-hosts": of_host(
        "extra_hosts: {db: 192.0.2.7, six: '2001:db8::1', node: host-gateway}",
        ExtraHosts=["db:192.0.2.7", "node:host-gateway", "six:2001:db8::1"],
    ),
    "gpus": of_host(
        "gpus: all",
        DeviceRequests=[
            {
                "Driver": "",
                "Count": -1,
                "DeviceIDs": [],
                "Capabilities": [["gpu"]],
                "Options": {},
            }
        ],
        fails="needs a GPU and its driver",
    ),
    "gpus-long": of_host(
        "gpus: [{driver: nvidia, count: 2, capabilities: [gpu, utility], options: {a: b}}, "
        "{device_ids: ['0']}]",
        DeviceRequests=[
            {
                "Driver": "nvidia",
                "Count": 2,
                "DeviceIDs": [],
                "Capabilities": [["gpu", "utility"]],
                "Options": {"a": "b"},
            },
            {
                "Driver": "",
                "Count": 0,
                "DeviceIDs": ["0"],
                "Capabilities": [["gpu"]],
                "Options": {},
            },
        ],
        fails="needs a GPU and its driver",
    ),
    "group-add": of_host("group_add: [1001, 1002]", GroupAdd=["1001", "1002"]),
    "healthcheck": own(
        "healthcheck: {test: 'true', interval: 1500ms, timeout: 3s, retries: 2, start_period: 9s}",
        Healthcheck=PROBE,
    ),
    "healthcheck-start": Row(
        "healthcheck: {test: 'true', start_period: 9s, start_interval: 500ms}",
        {"Config.Healthcheck.StartInterval": 500_000_000},
        "needs an engine of 25 or later",
    ),
    "healthcheck-none": own("healthcheck: {disable: true}", **{"Healthcheck.Test": ["NONE"]}),
    "hostname": own("hostname: web_1.shop", Hostname="web_1.shop"),
    "init": of_host("init: true", Init=True),
    "init-off": of_host("init: false", Init=False),
    "ipc": of_host("ipc: shareable", IpcMode="shareable"),
    "ipc-none": of_host("ipc: none", IpcMode="none"),
    "labels": own("labels: {team: shop}", **{"Labels.team": "shop"}),
    "log": of_host(
        "logging: {driver: local, options: {max-size: 10m}}",
        LogConfig={"Type": "local", "Config": {"max-size": "10m"}},
    ),
    "log-none": of_host("logging: {driver: none}", LogConfig={"Type": "none", "Config": {}}),
    "log-options": of_host(
        "logging: {options: {max-size: 10m}}",
        LogConfig={"Type": "json-file", "Config": {"max-size": "10m"}},
    ),
    "mac-address": Row(
        "mac_address: '02:42:ac:11:65:43'",
        {f"NetworkSettings.Networks.{NETWORK}.MacAddress": "02:42:ac:11:65:43"},
    ),
    "memory": of_host(
        "{mem_limit: 64m, mem_reservation: 32m, memswap_limit: 64m}",
        Memory=64 << 20,
        MemoryReservation=32 << 20,
        MemorySwap=64 << 20,
        fails="needs a kernel that counts swap",
    ),
    "memory-limit": of_host("mem_limit: 64m", Memory=64 << 20),
    "mount-bind": of_host(
        "volumes: ['/etc:/srv:ro,private']",
        Mounts=[
            {
                "Type": "bind",
                "Source": "/etc",
                "Target": "/srv",
                "ReadOnly": True,
                "BindOptions": {"Propagation": "private"},
            }
        ],
    ),
    "mount-bind-long": of_host(
        "volumes: [{type: bind, source: /etc, target: /srv, read_only: true, "
        "bind: {propagation: private}}]",
        Mounts=[
            {
                "Type": "bind",
                "Source": "/etc",
                "Target": "/srv",
                "ReadOnly": True,
                "BindOptions": {"Propagation": "private"},
            }
        ],
    ),
    "mount-volume-long": of_host(
        "volumes: [{type: volume, source: data, target: /srv, volume: {nocopy: true}}]",
        Mounts=[
            {
                "Type": "volume",
                "Source": "orchestrate-contract_data",
                "Target": "/srv",
                "VolumeOptions": {"NoCopy": True},
            }
        ],
    ),
    "mount-volume": of_host(
        "volumes: ['data:/srv:nocopy']",
        Mounts=[
            {
                "Type": "volume",
                "Source": "orchestrate-contract_data",
                "Target": "/srv",
                "VolumeOptions": {"NoCopy": True},
            }
        ],
    ),
    "oom-kill": of_host("{mem_limit: 64m, oom_kill_disable: true}", OomKillDisable=True),
    "oom-score": of_host("oom_score_adj: 500", OomScoreAdj=500),
    "pid": of_host("pid: host", PidMode="host"),
    "pids": of_host("pids_limit: 50", PidsLimit=50),
    "ports": of_host(
        "ports: [{target: 8000, published: 45090, host_ip: 127.0.0.1, mode: host}, "
        "{target: 53, published: 45091, protocol: udp, mode: host}]",
        PortBindings={
            "53/udp": [{"HostIp": "", "HostPort": "45091"}],
            "8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "45090"}],
        },
    ),
    "privileged": of_host("privileged: true", Privileged=True, fails="needs every capability"),
    "read-only": of_host("read_only: true", ReadonlyRootfs=True),
    "restart": of_host("restart: no", RestartPolicy={"Name": "no", "MaximumRetryCount": 0}),
    "restart-some": of_host(
        "restart: on-failure:3", RestartPolicy={"Name": "on-failure", "MaximumRetryCount": 3}
    ),
    "restart-always": of_host(
        "restart: always", RestartPolicy={"Name": "always", "MaximumRetryCount": 0}
    ),
    "runtime": of_host("runtime: runc", Runtime="runc"),
    "security": of_host(
        "security_opt: [no-new-privileges:true, seccomp=unconfined]",
        SecurityOpt=["no-new-privileges:true", "seccomp=unconfined"],
    ),
    "shm-size": of_host("shm_size: 8m", ShmSize=8 << 20),
    "stdin": own("stdin_open: true", OpenStdin=True),
    "stop-grace": own("stop_grace_period: 3s", StopTimeout=3),
    "stop-signal": own("stop_signal: SIGINT", StopSignal="SIGINT"),
    "storage": of_host(
        "storage_opt: {size: 1G}",
        StorageOpt={"size": "1G"},
        fails="needs a storage driver with quotas",
    ),
    "swappiness": of_host(
        "{mem_limit: 64m, mem_swappiness: 0}",
        MemorySwappiness=0,
        fails="needs a kernel whose control groups are of version 1",
    ),
    "sysctls": of_host(
        "sysctls: {net.core.somaxconn: 1024}", Sysctls={"net.core.somaxconn": "1024"}
    ),
    "tmpfs": of_host(
        "tmpfs: ['/run', '/tmp:size=1m,mode=1777']",
        Tmpfs={"/run": "", "/tmp": "size=1m,mode=1777"},
    ),
    "tmpfs-volume": of_host(
        "volumes: [{type: tmpfs, target: /cache, tmpfs: {size: 1m, mode: 0700}}]",
        Tmpfs={"/cache": "size=1048576,mode=700"},
    ),
    "tty": own("tty: true", Tty=True),
    "ulimits": of_host(
        "ulimits: {nofile: {soft: 512, hard: 1024}, core: 0}",
        Ulimits=[
            {"Name": "core", "Hard": 0, "Soft": 0},
            {"Name": "nofile", "Hard": 1024, "Soft": 512},
        ],
    ),
    "user": own("user: '0:0'", User="0:0"),
    "userns": of_host("userns_mode: host", UsernsMode="host"),
    "uts": of_host("uts: host", UTSMode="host"),
    "working-dir": own("working_dir: /www", WorkingDir="/www"),
}
