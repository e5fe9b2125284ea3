"""Journals that earlier builds wrote, as keys and values of Consul: a newer build reads them as before."""

from __future__ import annotations

import json
from pathlib import Path

from orchestrate.adapters.consul.records import CURRENT, journal_of
from orchestrate.commands.desired_state import desired_of
from orchestrate.commands.projects import deployed
from orchestrate.model.journal import FailedStart, Journal
from orchestrate.model.settings import Settings
from orchestrate.spec import Document, read

RECORDED = Path(__file__).parent / "journal" / "ec091ea.json"
COUNTER = RECORDED.with_name("counter.yml")


def recorded() -> Journal:
    values = json.loads(RECORDED.read_text(encoding="utf-8"))
    return journal_of(
        {
            "Key": key,
            "Value": (value if isinstance(value, str) else json.dumps(value)).encode(),
            "ModifyIndex": 7,
        }
        for key, value in values.items()
        if key.startswith(CURRENT)
    )


def test_the_nodes_of_a_recorded_journal() -> None:
    nodes = recorded().nodes

    draining, given_up, made = nodes["n1"], nodes["n2"], nodes["n3"]
    assert (draining.availability, draining.drained_by) == ("draining", 1_800_000_000.5)
    assert draining.way == {"ansible_host": "192.0.2.1", "ansible_port": 2222}
    assert (given_up.unknown_since, given_up.given_up) == (1_800_000_001, ("old_data",))
    assert given_up.given_up_at == 1_800_000_002
    assert (made.added, made.empty_since, made.tried_at) == ("made", 1_800_000_003, 1_800_000_004)
    assert made.way is None


def test_the_rest_of_a_recorded_journal() -> None:
    journal = recorded()

    start = FailedStart(
        node="n1", project="counter", service="web", revision="abc", at=1_800_000_005
    )
    assert journal.failures.starts == (start,)
    assert (journal.growth.tried_at, journal.growth.count) == (1_800_000_006, 2)
    assert journal.growth.before == ("n1", "n2")
    assert journal.acted_at >= 1_800_000_007
    assert journal.key == b"\xab" * 32


def test_the_projects_of_a_recorded_journal() -> None:
    desired = desired_of(recorded(), Settings())

    counter, old = desired.projects
    assert [service.name for service in counter.services] == ["redis", "web"]
    assert (old.services, [volume.name for volume in old.volumes]) == ((), ["data"])
    assert desired.purged == {"old"}
    assert dict(desired.leaving["old"]) == {"db": 0}


def test_the_same_file_is_no_change_to_a_recorded_journal() -> None:
    text = COUNTER.read_text(encoding="utf-8")
    journal = recorded()

    file = read([Document("compose.yml", text)], {}, "counter")

    assert deployed(journal, file.data) is journal.projects["counter"]
