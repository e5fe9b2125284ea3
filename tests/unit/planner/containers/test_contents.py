"""Keyed hashes of what is in configs and secrets, and the starts that they forbid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrate.errors import InputError
from orchestrate.model.file import File
from orchestrate.model.plan import Plan, StartReplica, Step
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.contents import digest, digests, doubts, used_files
from tests.builders import KEY, file, given, project, replica, service
from tests.fake_ports import FakeContents

SECRET, CONFIG = file(), file(kind="config", name="motd")
CONTENTS = FakeContents({"secrets.key": b"s3cret", "configs.motd": b"hello"})


def sealed(one: File, content: bytes = b"s3cret", of: str = "counter") -> File:
    return replace(one, digest=digest(KEY, of, one, content))


def starting(*services: Service, of: str = "counter") -> Plan:
    starts = tuple(
        StartReplica(node=f"n{number}", replica=replica(one, of=of), reason="")
        for number, one in enumerate(services, 1)
    )
    return Plan(steps=(Step(title="Start", actions=starts),))


def test_a_hash_says_nothing_without_the_key() -> None:
    found = digest(KEY, "counter", SECRET, b"s3cret")

    assert found == digest(KEY, "counter", SECRET, b"s3cret")
    assert len(found) == 32
    others = {
        digest(b"another", "counter", SECRET, b"s3cret"),
        digest(KEY, "counter", SECRET, b"other"),
        digest(KEY, "elsewhere", SECRET, b"s3cret"),
        digest(KEY, "counter", CONFIG, b"s3cret"),
        digest(KEY, "counter", file(name="key2"), b"s3cret"),
    }
    assert len(others | {found}) == 6


def test_each_file_that_is_used_is_hashed_once() -> None:
    wanted = project(
        service(name="a", files=given(SECRET, CONFIG)), service(name="b", files=given(SECRET))
    )

    assert used_files(*wanted.services) == (SECRET, CONFIG)
    assert digests(wanted, "n1", CONTENTS.read, KEY) == {
        SECRET: digest(KEY, "counter", SECRET, b"s3cret"),
        CONFIG: digest(KEY, "counter", CONFIG, b"hello"),
    }


def test_all_that_cannot_be_read_is_said_at_once() -> None:
    wanted = project(service(files=given(SECRET, file(name="a"), file(name="b"))))

    with pytest.raises(InputError) as caught:
        digests(wanted, "n1", CONTENTS.read, KEY)

    assert str(caught.value) == "secrets.a: no such file\nsecrets.b: no such file"


def test_what_was_deployed_may_start() -> None:
    assert doubts(starting(service(files=given(sealed(SECRET)))), CONTENTS.read, KEY) == {}


def test_what_has_changed_since_may_not() -> None:
    plan = starting(service(files=given(sealed(SECRET, b"before"))))

    assert doubts(plan, CONTENTS.read, KEY) == {
        "counter": "secrets.key: on n1 it would not be what it was when counter was deployed: "
        "run `orchestrate deploy` if it has changed; a variable must be the same for all nodes"
    }


def test_nor_what_cannot_be_read() -> None:
    plan = starting(service(files=given(file(name="gone"))), service(name="b"))

    assert doubts(plan, CONTENTS.read, KEY) == {"counter": "secrets.gone: no such file"}


def test_a_node_for_which_it_is_another_is_named() -> None:
    contents = FakeContents({**CONTENTS.found, "secrets.key on n2": b"another"})
    one = service(files=given(sealed(SECRET)))

    (reason,) = doubts(starting(one, one, one), contents.read, KEY).values()

    assert reason.startswith("secrets.key: on n2 ")
