# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module `replicas` can be asked to do, and of which containers."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  actions:
    description: What to do.
    type: list
    elements: dict
    required: true
    suboptions:
      action:
        description:
          - V(pull) fetches O(actions[].image) unless it is there.
          - V(start) makes O(actions[].name) run, be registered and be healthy.
          - V(stop) takes it out of traffic, waits for its connections to end, stops it, removes it and
            deregisters it.
          - V(register) writes O(actions[].registration) of a container that exists.
          - V(deregister) makes Consul forget O(actions[].id).
          - V(remove_volume) removes the volume O(actions[].name) with all that is in it.
        type: str
        choices: [pull, start, stop, register, deregister, remove_volume]
        required: true
      image: {description: The image to pull., type: str}
      always: {description: Ask the registry for a newer image of the same name., type: bool, default: false}
      name: {description: "The container to start or stop, or the volume to remove.", type: str}
      id: {description: The service to deregister., type: str}
      address:
        description:
          - The address of a container that has to be made. By default the lowest one that no container of the
            network holds.
        type: str
        default: ""
      volumes:
        description: Volumes that the container to start needs, to be made if missing.
        type: list
        elements: dict
        default: []
        suboptions:
          name: {description: Name of the volume., type: str, required: true}
          labels:
            description: Its labels. An existing volume must have the same C(com.docker.compose.project).
            type: dict
            default: {}
      completes:
        description:
          - Wait until the replica has ended with the exit code 0, not until it is healthy. One that did so
            before is not started again.
        type: bool
        default: false
      unattended:
        description:
          - Of one that O(actions[].completes), do not wait for the end. It is enough that it runs for
            O(actions[].monitor_s).
        type: bool
        default: false
      files:
        description:
          - Files that the container to start finds, read-only. They are kept in the memory of the node, below
            O(file_dir), and removed with the container.
        type: list
        elements: dict
        default: []
        suboptions:
          target: {description: Path in the container., type: str, required: true}
          source:
            description:
              - Where the content comes from, a dict of one entry. It is read on the controller, and shows up in
                no result, difference or journal.
              - C(file) is a path there; a vaulted file is decrypted. C(environment) is the name of a variable
                of the environment, C(variable) that of one of Ansible's, C(content) the text itself.
            type: dict
            required: true
          uid: {description: Owner of the file., type: int, default: 0}
          gid: {description: Group of the file., type: int, default: 0}
          mode: {description: "Permissions of the file, in quotes.", type: str, default: "0444"}
      deadline_s:
        description: How long a replica may take to become healthy, or to complete, in seconds.
        type: float
        default: 60
      monitor_s:
        description:
          - How long a replica must stay healthy, once it is, to count as up, in seconds. It fails if it
            ends, or its check fails, within that time. O(actions[].deadline_s) ends before this begins.
          - One that has no check is healthy while it runs.
        type: float
        default: 5
      grace_s:
        description:
          - How long a container may take to end before it is killed. By default as its own configuration says.
        type: int
      drain_timeout_s:
        description:
          - How long to wait for the connections of a replica to end. V(0) does not wait for anything.
        type: float
        default: 30
      remove:
        description: Remove the container that was stopped, and its unnamed volumes.
        type: bool
        default: true
      registration:
        description: How the replica is registered with Consul. Its address is that of the container.
        type: dict
        suboptions:
          id: {description: Id of the service; the name of the container., type: str, required: true}
          service: {description: Name of the service., type: str, required: true}
          port: {description: Port of the service in the container., type: int, default: 0}
          tags: {description: Tags., type: list, elements: str, default: []}
          aliases:
            description: Names of further services that the replica is found as, healthy when it is.
            type: list
            elements: str
            default: []
          meta:
            description:
              - Must have C(project), C(service), C(slot) and C(revision). They say whose the service is.
            type: dict
            required: true
          check:
            description: How Consul finds out that the replica serves.
            type: dict
            required: true
            suboptions:
              kind:
                description:
                  - V(tcp) connects to its port.
                  - V(engine) asks the Docker Engine for the container's own healthcheck.
                  - V(none) takes it for healthy.
                type: str
                choices: [tcp, engine, none]
                required: true
              interval_s: {description: Seconds between two checks., type: float, default: 1}
              timeout_s: {description: Seconds that a check may take., type: float, default: 1}
      config:
        description: The container. What is null or empty here is as the image says.
        type: dict
        suboptions:
          image: {description: "The image, which must be on the node.", type: str, required: true}
          command:
            description: Arguments. An empty list means none, also when the image has some.
            type: list
            elements: str
          entrypoint:
            description: The program. If it is given, the image's command does not count.
            type: list
            elements: str
          environment:
            description: Variables. Their values show up in no message, difference or journal.
            type: dict
            default: {}
          labels:
            description: Labels. Those that say whose the container is must be among them.
            type: dict
            default: {}
          user: {description: "User, and group, of the process.", type: str, default: ""}
          mounts:
            description: What is mounted where.
            type: list
            elements: dict
            default: []
            suboptions:
              type:
                description: A directory or file of the node, or a volume.
                type: str
                choices: [bind, volume]
                required: true
              source:
                description:
                  - Path on the node, or name of the volume. Must exist, or be among O(actions[].volumes).
                type: str
                required: true
              target: {description: Path in the container., type: path, required: true}
              read_only: {description: Whether the container cannot write there., type: bool, default: false}
              create_host_path:
                description: Make a directory of the node that is missing.
                type: bool
                default: false
              propagation:
                description: Whether mounts that are made below it later are seen on the other side.
                type: str
                choices: [private, rprivate, shared, rshared, slave, rslave]
              nocopy:
                description: Whether a new volume does not begin with what the image has there.
                type: bool
                default: false
          ports:
            description: Ports of the node that lead into the container.
            type: list
            elements: dict
            default: []
            suboptions:
              target: {description: Port in the container., type: int, required: true}
              published:
                description: Port of the node. V(0) leaves the choice to the engine.
                type: int
                default: 0
              protocol: {description: Protocol., type: str, choices: [tcp, udp, sctp], default: tcp}
              host_ip: {description: Address of the node. Empty means all., type: str, default: ""}
          expose:
            description: TCP ports that the container says it serves.
            type: list
            elements: int
            default: []
          healthcheck:
            description:
              - The container's own check, run by the engine. A V(0) is as the image says, or else the default.
            type: dict
            suboptions:
              test:
                description: As in Compose, with its first word V(CMD), V(CMD-SHELL) or V(NONE).
                type: list
                elements: str
                required: true
              interval_s: {description: Seconds between two probes., type: float, default: 30}
              timeout_s: {description: Seconds that a probe may take., type: float, default: 30}
              retries: {description: Failures in a row that make it unhealthy., type: int, default: 3}
              start_period_s:
                description: Seconds at the start during which failures do not count.
                type: float
                default: 0
              start_interval_s:
                description: Seconds between two probes then; needs Docker Engine 25 or later.
                type: float
                default: 0
          memory: {description: Limit in bytes. V(0) is none., type: int, default: 0}
          memory_reservation:
            description: What it keeps when memory is short, in bytes.
            type: int
            default: 0
          cpus: {description: Limit in cores. V(0) is none., type: float, default: 0}
          pids: {description: Limit of the number of processes. V(0) is none., type: int, default: 0}
          stop_grace_s: {description: Seconds between the wish to stop and the kill., type: int, default: 10}
          restart:
            description:
              - What the engine does when it ends. One of C(no), C(always), C(unless-stopped),
                C(on-failure[:N]).
            type: str
            default: unless-stopped
          network:
            description: The network it is in. The role C(network) of this collection makes it.
            type: str
            default: orchestrate
          mac_address: {description: The hardware address of its interface there., type: str}
          dns:
            description: Name servers. By default the gateway of the network, where the Consul agent answers.
            type: list
            elements: str
            default: []
          dns_search:
            description: Domains that are tried for a bare name.
            type: list
            elements: str
            default: []
          dns_options: {description: Options of the resolver., type: list, elements: str, default: []}
          hostname: {description: The name that it gives itself. By default its id., type: str}
          domainname: {description: The domain of that name., type: str}
          working_dir: {description: The directory that its process starts in., type: str}
          tty: {description: Whether its process has a terminal., type: bool}
          stdin_open: {description: Whether its standard input stays open., type: bool}
          stop_signal: {description: The signal that asks its process to end., type: str}
          group_add: {description: Groups that its process belongs to as well., type: list, elements: str}
          read_only: {description: Whether its own file system cannot be written., type: bool}
          init: {description: Whether a small init runs as its first process., type: bool}
          privileged: {description: Whether it may do everything that the node may., type: bool}
          cap_add:
            description: Capabilities of the kernel that it has as well, without C(CAP_), sorted.
            type: list
            elements: str
          cap_drop:
            description: Capabilities that it does not have, without C(CAP_), sorted.
            type: list
            elements: str
          security_opt:
            description: Options of the labels, seccomp and privileges.
            type: list
            elements: str
          devices:
            description: Devices of the node that it may use.
            type: list
            elements: dict
            suboptions:
              source: {description: Path on the node., type: str, required: true}
              target: {description: Path in the container., type: str, required: true}
              permissions:
                description: Some of C(rwm), to read, write and make nodes.
                type: str
                required: true
          device_cgroup_rules:
            description: Rules for devices, such as C(c 1:3 mr).
            type: list
            elements: str
          device_requests:
            description: Devices that the engine shall find, such as GPUs.
            type: list
            elements: dict
            suboptions:
              driver: {description: "The driver, empty for any.", type: str, required: true}
              count: {description: How many; V(-1) is all., type: int, required: true}
              device_ids:
                description: Which ones, instead of how many.
                type: list
                elements: str
                required: true
              capabilities:
                description: What they must be able to do.
                type: list
                elements: str
                required: true
              options: {description: Options of the driver., type: dict, required: true}
          sysctls: {description: "Kernel parameters of its own, with their values.", type: dict}
          ulimits:
            description: Limits of its processes by name, each with C(soft) and C(hard); V(-1) is none.
            type: dict
          tmpfs: {description: "Paths in memory, with the options of each mount.", type: dict}
          shm_size: {description: Size of C(/dev/shm) in bytes., type: int}
          pid: {description: V(host) shares the processes of the node., type: str}
          ipc: {description: Which shared memory it uses., type: str}
          uts: {description: V(host) shares the name of the node., type: str}
          cgroup: {description: "Which control groups it sees, V(host) or V(private).", type: str}
          userns_mode: {description: V(host) turns the mapping of users off., type: str}
          cgroup_parent: {description: The control group that its own is made in., type: str}
          runtime: {description: The runtime of the engine that runs it., type: str}
          storage_opt: {description: Options of the storage driver., type: dict}
          annotations: {description: Annotations for the runtime., type: dict}
          extra_hosts:
            description: Names with addresses, such as C(db:192.0.2.7).
            type: list
            elements: str
          cpuset: {description: "Processors that it may use, such as C(0-3).", type: str}
          cpu_shares: {description: Its weight when processors are short., type: int}
          cpu_period: {description: "Length of a period of the scheduler, in microseconds.", type: int}
          cpu_quota: {description: "What it may use in each period, in microseconds.", type: int}
          cpu_rt_period:
            description: Length of a period of the real-time scheduler, in microseconds.
            type: int
          cpu_rt_runtime: {description: "What it may use in each of these, in microseconds.", type: int}
          memswap_limit: {description: "Limit of memory and swap together, in bytes; V(-1) is none.", type: int}
          mem_swappiness: {description: "How willingly its memory is swapped, from V(0) to V(100).", type: int}
          oom_kill_disable: {description: Whether it waits for memory instead of being killed., type: bool}
          oom_score_adj: {description: How willingly it is killed when the node is out of memory., type: int}
          blkio_weight: {description: "Its weight when disks are busy, from V(10) to V(1000).", type: int}
          blkio_weight_device:
            description: Weights for single devices.
            type: list
            elements: dict
            suboptions:
              path: {description: Path of the device on the node., type: str, required: true}
              weight: {description: From V(10) to V(1000)., type: int, required: true}
          blkio_read_bps:
            description: Limits of reading, in bytes per second.
            type: list
            elements: dict
            suboptions: &rates
              path: {description: Path of the device on the node., type: str, required: true}
              rate: {description: The limit., type: int, required: true}
          blkio_write_bps:
            description: Limits of writing, in bytes per second.
            type: list
            elements: dict
            suboptions: *rates
          blkio_read_iops:
            description: Limits of reading, in operations per second.
            type: list
            elements: dict
            suboptions: *rates
          blkio_write_iops:
            description: Limits of writing, in operations per second.
            type: list
            elements: dict
            suboptions: *rates
          log_driver: {description: The driver that its output goes to., type: str}
          log_options: {description: Options of that driver., type: dict}
"""
