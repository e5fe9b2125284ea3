"""What is written together fits into what Consul takes at once."""

from __future__ import annotations

import pytest

from orchestrate.adapters.consul.transaction import batches, write


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([9] * 64, [64], id="as-many-as-it-takes"),
        pytest.param([9] * 130, [64, 64, 2], id="more"),
        pytest.param([100_000] * 3, [1, 1, 1], id="large-ones"),
        pytest.param([9, 400_000, 9], [1, 1, 1], id="one-that-is-too-large"),
    ],
)
def test_batches(sizes: list[int], counts: list[int]) -> None:
    operations = [write(f"n{number}", "x" * size, 0) for number, size in enumerate(sizes)]

    found = list(batches(operations))

    assert [len(batch) for batch in found] == counts
    assert [operation for batch in found for operation in batch] == operations
