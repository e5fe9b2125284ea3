"""Which replicas a person means."""

from __future__ import annotations

import pytest

from orchestrate.commands.selector import is_whole, selected
from orchestrate.errors import InputError
from orchestrate.model.observed.cluster import Observed
from tests.builders import container_of, node, observed, replica, service, silent

WEB, DB = service(), service(name="db", image="db:1")


def cluster() -> Observed:
    return observed(
        node(name="n1", containers=(container_of(replica(WEB, slot=10)),)),
        node(
            name="n2",
            containers=(container_of(replica(WEB, slot=2)), container_of(replica(DB))),
        ),
    )


ALL = ["counter/db.1", "counter/web.2", "counter/web.10"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param((), ALL, id="all"),
        pytest.param(("counter",), ALL, id="a-project"),
        pytest.param(("counter/web",), ["counter/web.2", "counter/web.10"], id="a-service"),
        pytest.param(
            ("counter/web.10", "counter/db"), ["counter/db.1", "counter/web.10"], id="several"
        ),
        pytest.param(("counter/web.2", "counter"), ALL, id="twice"),
        pytest.param((replica(DB).name,), ["counter/db.1"], id="a-container"),
        pytest.param(("counter@n2",), ["counter/db.1", "counter/web.2"], id="of-a-node"),
        pytest.param(("counter/web.2@n2",), ["counter/web.2"], id="one-of-a-node"),
    ],
)
def test_who_is_meant(words: tuple[str, ...], found: list[str]) -> None:
    assert [one.label for one in selected(words, cluster())] == found


@pytest.mark.parametrize(
    "word",
    [
        "web",
        "counter/we",
        "counter/web.1",
        "counter/",
        "n1",
        "",
        "counter@",
        "@n1",
        "counter/web.2@n1",
    ],
)
def test_a_word_that_names_none_is_an_error_that_says_who_is_there(word: str) -> None:
    with pytest.raises(InputError) as caught:
        selected(("counter/db", word), cluster())

    assert str(caught.value) == (
        f"{word}: no replica of this name is there; there are counter/db.1, counter/web.10, counter/web.2"
    )


def test_it_may_be_where_nobody_can_look() -> None:
    seen = observed(*cluster().nodes, silent(name="n3"))

    with pytest.raises(InputError, match=r"; what is on n3 cannot be read$"):
        selected(("shop",), seen)


def test_where_there_is_none_that_is_said() -> None:
    with pytest.raises(InputError, match=r"^shop: no replica is there$"):
        selected(("shop",), observed(node(name="n1")))


def test_replicas_that_are_all_there_need_nobody_else() -> None:
    found = selected((), cluster())

    assert is_whole(("counter/web.2@n2", "counter/db.1"), found)
    assert not is_whole(("counter/web",), found)
    assert not is_whole((), found)
