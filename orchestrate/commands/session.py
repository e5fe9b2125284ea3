"""The way from a command to its cluster: the adapters, put together for as long as it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from orchestrate.adapters.ansible.actuator import AnsibleActuator
from orchestrate.adapters.ansible.contents import AnsibleContents
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.observer import AnsibleObserver
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.process import Watch, run_playbook
from orchestrate.adapters.ansible.run import Event, Run
from orchestrate.adapters.ansible.ssh import is_here, ssh_command
from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.consul.access import Access, Command, reach
from orchestrate.adapters.consul.catalogue import ConsulCatalogue
from orchestrate.adapters.consul.lock import ConsulLock, break_lock
from orchestrate.adapters.consul.store import ConsulStore
from orchestrate.adapters.runs import Runs, default_root
from orchestrate.cycle.snapshot import fresh
from orchestrate.model.journal import Journal
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.settings import Settings
from orchestrate.ports.lock import Lock
from orchestrate.ports.ports import Ports
from orchestrate.ports.reporter import Reporter
from orchestrate.ports.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A cluster that answers: `look` waits for what the nodes say since `started_at`.

    `text` is the playbook of a plan. `images` are those of which the registries are asked.
    """

    ports: Ports
    lock: Lock
    text: Callable[[Plan], str]
    look: Callable[[], tuple[ObservedNode, ...]]
    started_at: float
    images: Sequence[str] = ()

    def fresh(self, journal: Journal) -> tuple[ObservedNode, ...]:
        return fresh(self.ports, journal, self.started_at, self.look, self.images)


Opener = Callable[["Session", Sequence[str]], AbstractContextManager[OpenSession]]
"""session, images of which the registries are asked -> the connection, for as long as the block lasts."""


@contextmanager
def _opened(session: Session, images: Sequence[str]) -> Iterator[OpenSession]:
    """Look at the nodes and reach Consul, side by side."""
    clock = SystemClock()
    closing = threading.Event()
    lost = threading.Event()

    def is_cancelled() -> bool:
        return session.stopped.is_set() or closing.is_set() or lost.is_set()

    observer, actuator = session.observer(is_cancelled), session.actuator(is_cancelled)
    started_at = clock.now()
    look = observer.start(images)
    try:
        with session.reached() as access:
            yield OpenSession(
                ports=Ports(
                    inventory=session.inventory,
                    observer=observer,
                    actuator=actuator,
                    store=ConsulStore(access=access),
                    catalogue=ConsulCatalogue(access=access),
                    clock=clock,
                    reporter=session.reporter,
                    contents=AnsibleContents(inventory=session.inventory),
                    pause=session.stopped.wait,
                ),
                lock=session.lock(access, lost),
                text=actuator.text,
                look=look,
                started_at=started_at,
                images=images,
            )
    finally:
        closing.set()


def _runs() -> Runs:
    return Runs(root=default_root(), clock=SystemClock())


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The inventory that a command was given, and its flags. `stopped` is set when the user wants it to end.

    `command` is what others see while it holds the lock. `rebalances`: running replicas are evened out, too.
    `insists`: nodes are added, however recently that failed. `opened` connects the session.
    """

    inventory: Inventory
    reporter: Reporter
    command: str = "orchestrate"
    rebalances: bool = False
    insists: bool = False
    lock_wait_s: float = 0
    on_event: Callable[[Event], None] = lambda _: None
    on_look: Callable[[Sequence[ObservedNode]], None] = lambda _: None
    stopped: threading.Event = field(default_factory=threading.Event)
    opened: Opener = _opened

    @property
    def options(self) -> AnsibleOptions:
        return self.inventory.options

    @property
    def settings(self) -> Settings:
        return self.inventory.settings

    def connected(self, images: Sequence[str] = ()) -> AbstractContextManager[OpenSession]:
        return self.opened(self, images)

    def look(self) -> Observed:
        """Look at the nodes, and not at Consul: they can be looked at when it is gone."""
        nodes = self.observer(self.stopped.is_set).start()()
        return Observed(nodes=nodes, at=SystemClock().now())

    def run(self, playbook: Path, limit: str) -> Run:
        """Run a playbook as `ansible-playbook` would, on the hosts that the pattern `limit` names."""
        with _runs().new(playbook.stem) as directory:
            options = replace(self.options, limit=limit)
            watch = Watch(on_event=self.on_event, is_cancelled=self.stopped.is_set)
            return run_playbook(playbook, options, directory, watch)

    def voters(self) -> Mapping[str, bool]:
        """Return the Consul servers that have a vote, and whether they are alive."""
        with self.reached() as access:
            return ConsulCatalogue(access=access).servers()

    def unlock(self) -> str | None:
        """Break the lock, and return its holder; None: nobody held it."""
        with self.reached() as access:
            return break_lock(access)

    @contextmanager
    def journal(self) -> Iterator[Store]:
        """Open the journal alone, under the lock: no node is asked."""
        with self.reached() as access, self.lock(access, threading.Event()).hold(self.command):
            yield ConsulStore(access=access)

    def observer(self, is_cancelled: Callable[[], bool]) -> AnsibleObserver:
        options = replace(self.options, limit="")
        return AnsibleObserver(
            inventory=self.inventory,
            options=options,
            is_cancelled=is_cancelled,
            on_look=self.on_look,
        )

    def actuator(self, is_cancelled: Callable[[], bool]) -> AnsibleActuator:
        return AnsibleActuator(
            options=replace(self.options, limit=""),
            settings_file=self.settings.file,
            runs=_runs(),
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
        """Return the function that adds the options to an `ssh` to the host; None where none are needed."""
        variables = self.inventory.variables(host)
        return None if is_here(variables) else lambda words: ssh_command(host, variables, *words)
