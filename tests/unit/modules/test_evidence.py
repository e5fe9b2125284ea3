"""What is shown of a replica that does not come up."""

from __future__ import annotations

import struct

import pytest

from tests.unit.modules.collection import load

evidence = load("_evidence")


def frame(stream: int, content: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(content)) + content


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", b""),
        (frame(1, b"out\n") + frame(2, b"err\n"), b"out\nerr\n"),
        (frame(1, b"") + frame(1, b"x"), b"x"),
        (frame(1, b"whole") + frame(1, b"cut off")[:-4], b"wholecut"),
        (frame(1, b"whole") + b"\x01\x00", b"whole"),
    ],
    ids=["nothing", "both", "empty-frame", "cut-content", "cut-head"],
)
def test_both_streams_become_one(content: bytes, expected: bytes) -> None:
    assert evidence.demultiplex(content) == expected


def test_secret_values_are_hidden_the_longest_first() -> None:
    values = ["secret", "secret-too", "on", ""]

    assert evidence.hide("on secret-too secret", values) == "on *** ***"
