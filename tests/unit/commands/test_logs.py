"""What becomes of what is heard of replicas."""

from __future__ import annotations

from orchestrate.adapters.ansible.logs import Heard
from orchestrate.commands.logs import told
from orchestrate.model.log import LogLine, Unread

FIRST, SECOND = "counter/web.1", "counter/web.2"
HEARD = (
    Heard("n1", FIRST, "2026-11-29T13:18:52.000000002Z the  second"),
    Heard("n1", FIRST, "2026-11-29T13:18:52.000000002Z "),
    Heard("n1", FIRST, "2026-11-29T13:18:52.000000010Z the last"),
    Heard("n2", SECOND, "2026-11-29T13:18:52.000000001Z the first"),
    Heard("n2", SECOND, "Error response from daemon: no such driver"),
    Heard("n2", "", "Connection reset"),
)


def test_lines_of_several_replicas_are_told_by_time() -> None:
    lines = list(told(HEARD, by_time=True))

    assert [one.text for one in lines if isinstance(one, LogLine)] == [
        "Error response from daemon: no such driver",
        "the first",
        "the  second",
        "",
        "the last",
    ]
    assert lines[2] == LogLine(
        replica=SECOND, node="n2", at="2026-11-29T13:18:52.000000001Z", text="the first"
    )
    assert lines[0] == Unread(node="n2", reason="Connection reset")


def test_while_they_are_followed_they_are_told_as_they_come() -> None:
    lines = list(told(HEARD, by_time=False))

    assert [one.node for one in lines] == [one.node for one in HEARD]
    assert [one.at[-3:] for one in lines if isinstance(one, LogLine)] == [
        *("02Z", "02Z", "10Z", "01Z"),
        "",
    ]
