"""The way from a command to its cluster: the adapters, put together for as long as it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from orchestrate.adapters.ansible.cluster import AnsibleCluster, Watch
from orchestrate.adapters.ansible.contents import AnsibleContents
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.run import Event
from orchestrate.adapters.ansible.ssh import is_here, ssh_command
from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.consul.access import Access, Command, reach
from orchestrate.adapters.consul.catalogue import ConsulCatalogue
from orchestrate.adapters.consul.lock import ConsulLock
from orchestrate.adapters.consul.store import ConsulStore
from orchestrate.adapters.runs import Runs, default_root
from orchestrate.cycle.snapshot import fresh
from orchestrate.model.journal import Journal
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.settings import Settings
from orchestrate.ports import Ports, Reporter


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A cluster that answers: `look` waits for what the nodes say since `started_at`.

    `images` are those of which the registries are asked.
    """

    ports: Ports
    cluster: AnsibleCluster
    lock: ConsulLock
    look: Callable[[], tuple[ObservedNode, ...]]
    started_at: float
    images: Sequence[str] = ()

    def fresh(self, journal: Journal) -> tuple[ObservedNode, ...]:
        return fresh(self.ports, journal, self.started_at, self.look, self.images)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a command was given to find its cluster. `stopped` is set when the user wants it to end."""

    inventory: Inventory
    teller: Reporter
    lock_wait_s: float = 0
    on_event: Callable[[Event], None] = lambda _: None
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def options(self) -> AnsibleOptions:
        return self.inventory.options

    @property
    def settings(self) -> Settings:
        return self.inventory.settings

    @contextmanager
    def connected(self, images: Sequence[str] = ()) -> Iterator[OpenSession]:
        """Looking at the nodes and reaching Consul go on side by side."""
        clock = SystemClock()
        closing = threading.Event()
        lost = threading.Event()
        cluster = self._cluster(lambda: self.stopped.is_set() or closing.is_set() or lost.is_set())
        started_at = clock.now()
        look = cluster.start_observing(images)
        try:
            with self.reached() as access:
                yield OpenSession(
                    ports=Ports(
                        cluster=cluster,
                        store=ConsulStore(access=access),
                        catalogue=ConsulCatalogue(access=access),
                        clock=clock,
                        teller=self.teller,
                        contents=AnsibleContents(inventory=self.inventory),
                        pause=self.stopped.wait,
                    ),
                    cluster=cluster,
                    lock=self.lock(access, lost),
                    look=look,
                    started_at=started_at,
                    images=images,
                )
        finally:
            closing.set()

    def look(self) -> Observed:
        """What the nodes say, and nothing that Consul knows: they can be looked at when it is gone."""
        nodes = self._cluster(self.stopped.is_set).start_observing()()
        return Observed(nodes=nodes, at=SystemClock().now())

    def _cluster(self, is_cancelled: Callable[[], bool]) -> AnsibleCluster:
        return AnsibleCluster(
            inventory=self.inventory,
            options=replace(self.options, limit=""),
            settings=self.settings,
            runs=Runs(root=default_root(), clock=SystemClock()),
            watch=Watch(on_event=self.on_event, is_cancelled=is_cancelled),
        )

    def lock(self, access: Access, lost: threading.Event) -> ConsulLock:
        return ConsulLock(
            access=access,
            clock=SystemClock(),
            stopped=self.stopped,
            wait_s=self.lock_wait_s,
            lost=lost,
        )

    @contextmanager
    def reached(self) -> Iterator[Access]:
        names = (node.name for node in self.inventory.nodes if node.serves_consul)
        servers = {name: self._ssh(name) for name in names}
        with reach(self.settings.consul_address, servers, self.stopped) as access:
            yield access

    def _ssh(self, host: str) -> Command | None:
        """What adds options to the `ssh` that leads there; None where none is needed."""
        variables = self.inventory.variables(host)
        return None if is_here(variables) else lambda words: ssh_command(host, variables, *words)
