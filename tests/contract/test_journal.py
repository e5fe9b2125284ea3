"""The journal and the lock in a real Consul: of two who write, or deploy, one learns of the other."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.consul.access import Access
from orchestrate.adapters.consul.lock import ConsulLock
from orchestrate.adapters.consul.store import ConsulStore
from orchestrate.commands.converge import converge
from orchestrate.commands.session import OpenSession, Session
from orchestrate.errors import InputError, UnreachableError
from orchestrate.lab.consul_binary import ensure_consul_binary
from orchestrate.model.journal import FailureRecord, Journal, NodeRecord, ProjectRecord
from orchestrate.model.node import Node
from orchestrate.model.node_pool import Growth
from orchestrate.model.report import CycleReport
from orchestrate.model.settings import Settings
from orchestrate.ports.store import Store
from orchestrate.spec import Document, Loaded, read
from tests.builders import GIB, NOW
from tests.contract.modules.consul_agent import Agent, running_agent
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.journal_writes import FAILED, WRITES

pytestmark = pytest.mark.contract
FILE = """
name: {name}
services:
  web:
    image: web:1
    deploy: {{replicas: 3, resources: {{reservations: {{memory: 2g}}}}}}
"""


class Silence:
    def step(self, _text: str) -> nullcontext[None]:
        return nullcontext()


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    binary = ensure_consul_binary(Silence()).path
    with running_agent(binary, tmp_path_factory.mktemp("consul")) as agent:
        yield agent


@pytest.fixture
def access(agent: Agent) -> Iterator[Access]:
    """An empty journal."""
    parts = urlsplit(agent.url)
    access = Access(host=str(parts.hostname), port=int(parts.port or 0))
    yield access
    access.client.kv.delete("orchestrate/", recurse=True)


def test_what_is_written_is_read(access: Access) -> None:
    store = ConsulStore(access=access)

    store.save_nodes({"n1": NodeRecord(availability="cordoned")})
    project = store.save_project(ProjectRecord(name="counter", data={"services": {}}))
    first = store.save_failures(FailureRecord(starts=(FAILED,)))
    second = store.save_failures(replace(first, starts=(FAILED, FAILED)))
    known = NodeRecord(
        added="made",
        empty_since=7,
        tried_at=8,
        given_up=("a_data", "b_data"),
        given_up_at=NOW + 0.5,
    )
    store.save_nodes({"n2": known})
    store.save_nodes({"n3": NodeRecord()})
    store.forget_node("n3")
    store.save_growth(Growth(tried_at=NOW, count=2, before=("n1", "n2")))

    journal = store.read()
    assert journal.nodes["n1"].availability == "cordoned"
    assert replace(journal.nodes["n2"], index=0) == known
    assert journal.nodes.keys() == {"n1", "n2"}
    assert replace(journal.growth, index=0) == Growth(tried_at=NOW, count=2, before=("n1", "n2"))
    assert journal.projects == {"counter": project}
    assert journal.failures == second == FailureRecord(starts=(FAILED,) * 2, index=second.index)
    assert second.index > first.index


@pytest.fixture
def answers(access: Access) -> list[str]:
    """What Consul answers from now on."""
    bodies: list[str] = []
    access.client.http.session.hooks["response"].append(
        lambda response, **_: bodies.append(response.text)
    )
    return bodies


def test_revisions_are_not_read_with_the_journal(access: Access, answers: list[str]) -> None:
    store = ConsulStore(access=access)
    record = ProjectRecord(name="counter", data={"services": {}, "x-mark": "the first"})
    first = store.save_project(record)
    store.save_project(replace(first, data={"services": {}}, revision=2))
    answers.clear()

    journal = store.read()

    assert journal.projects["counter"].revision == 2
    (answer,) = answers
    keys = {result["KV"]["Key"] for result in json.loads(answer)["Results"]}
    assert keys == {"orchestrate/projects/counter"}
    assert access.client.kv.get("orchestrate/revisions/counter/1")[1] is not None


def test_an_empty_journal_is_read(access: Access) -> None:
    assert ConsulStore(access=access).read() == Journal()


def test_nodes_are_written_together(access: Access, answers: list[str]) -> None:
    store = ConsulStore(access=access)
    records = {f"n{number}": NodeRecord(way={"port": number}) for number in range(100)}

    written = store.save_nodes(records)
    marked = {name: replace(record, availability="draining") for name, record in written.items()}
    store.save_nodes(marked)
    store.save_nodes({})

    assert len(answers) == 4, "Consul takes 64 at once"
    nodes = store.read().nodes
    assert {name: replace(record, index=0) for name, record in nodes.items()} == {
        name: replace(record, index=0) for name, record in marked.items()
    }


def test_of_nodes_that_are_written_together_all_are_or_none(access: Access) -> None:
    store = ConsulStore(access=access)
    store.save_nodes({"n2": NodeRecord()})

    with pytest.raises(InputError, match="orchestrate/nodes/n2 was changed by somebody else"):
        store.save_nodes({"n1": NodeRecord(), "n2": NodeRecord(), "n3": NodeRecord()})

    assert store.read().nodes.keys() == {"n2"}


def test_who_forgets_a_project_that_another_has_deployed_anew_learns_of_it(access: Access) -> None:
    store = ConsulStore(access=access)
    first = store.save_project(ProjectRecord(name="counter", data={}))
    second = store.save_project(replace(first, revision=2))

    with pytest.raises(InputError, match="was changed by somebody else just now: try again"):
        store.forget_project(first)
    assert store.read().projects == {"counter": second}
    assert access.client.kv.get("orchestrate/revisions/counter/2")[1] is not None

    store.forget_project(second)
    assert access.client.kv.get("orchestrate/", recurse=True)[1] is None


def test_a_record_that_makes_no_sense_is_an_error(access: Access) -> None:
    access.client.kv.put("orchestrate/nodes/n1", "{}")

    with pytest.raises(UnreachableError, match="the journal in Consul makes no sense"):
        ConsulStore(access=access).read()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_of_two_who_read_the_same_one_writes(access: Access, write: Callable[[Store], Any]) -> None:
    write(ConsulStore(access=access))

    with pytest.raises(InputError, match="was changed by somebody else just now: try again"):
        write(ConsulStore(access=access))


@dataclass(slots=True)
class Controller:
    """It looks at the nodes when the other one does, and wants the lock when the time has come for it."""

    access: Access
    cluster: FakeCluster
    looked: threading.Barrier
    its_time: threading.Event

    @contextmanager
    def opened(self, _session: Session, images: Sequence[str]) -> Iterator[OpenSession]:
        clock, store = SystemClock(), ConsulStore(access=self.access)
        started_at, seen = clock.now(), self.cluster.observer.look()
        self.looked.wait(timeout=30)
        assert self.its_time.wait(timeout=30)
        yield OpenSession(
            ports=replace(self.cluster.ports, store=store, clock=clock),
            lock=ConsulLock(access=self.access, clock=clock, stopped=threading.Event(), wait_s=60),
            text=str,
            look=lambda: seen,
            started_at=started_at,
            images=images,
        )

    def deploy(self, loaded: Loaded) -> CycleReport:
        inventory = Inventory(AnsibleOptions(), Settings())
        session = Session(inventory=inventory, reporter=self.cluster.reporter, opened=self.opened)
        return converge(replace(session, command="orchestrate deploy"), loaded)


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_of_two_deploys_at_once_the_second_gets_what_the_first_has_left(
    access: Access, first: str, second: str
) -> None:
    """Both see an empty node, on which five replicas fit; each wants three, and the first has begun."""
    node = FakeNode(node=Node(name="n1"), registry={"web:1": {}}, memory=10 * GIB)
    cluster, looked = FakeCluster({"n1": node}), threading.Barrier(2)
    at_once, begun = threading.Event(), threading.Event()
    at_once.set()
    cluster.actuator.on_action = begun.set
    files = (
        read([Document("compose.yml", FILE.format(name=name))], {}, name)
        for name in (first, second)
    )
    controllers = (Controller(access, cluster, looked, moment) for moment in (at_once, begun))

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(Controller.deploy, controllers, files))

    assert [report.exit_code for report in reports] == [0, 3]
    runs = Counter(one.project for one in node.containers.values())
    assert runs == {first: 3, second: 2}
    assert [one.reason for one in reports[1].unmet] == [
        "fits nowhere: 1 node: memory, needs 2.0 GiB, the freest has 0.0 GiB"
    ]
    assert {*ConsulStore(access=access).read().projects} == {first, second}
