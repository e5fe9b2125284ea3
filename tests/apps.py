"""The use cases of commands, on a cluster in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.commands.session import OpenSession, Session
from orchestrate.model.settings import Settings
from orchestrate.spec import Document, Loaded, read
from orchestrate.views.explain import explain
from tests.fakes import FakeCluster


def near(cluster: FakeCluster, *, limit: str = "", settings: Settings | None = None) -> Session:
    """A session whose inventory has the cluster's nodes."""
    hosts = "".join(f"{name}," for name in sorted(cluster.members))
    options = AnsibleOptions(inventory=(hosts,), limit=limit)

    @contextmanager
    def opened(_session: Session, images: Sequence[str]) -> Iterator[OpenSession]:
        yield OpenSession(
            ports=cluster.ports,
            lock=cluster.lock,
            text=lambda plan: "\n".join(explain(plan)),
            look=cluster.observer.look,
            started_at=cluster.clock.at,
            images=images,
        )

    inventory = Inventory(options, settings or Settings())
    return Session(inventory=inventory, reporter=cluster.reporter, opened=opened)


def loaded(text: str) -> Loaded:
    return read([Document("compose.yml", text)], {}, "counter")
