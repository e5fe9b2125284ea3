"""Where many equal replicas go at once."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrate.scheduler.fill import fill, one_each


@pytest.mark.parametrize(
    ("here", "total", "room", "count", "rows"),
    [
        pytest.param([0, 0, 0], [0, 0, 0], [9, 9, 9], 5, [0, 1, 2, 0, 1], id="level-by-level"),
        pytest.param([0, 0, 0], [5, 1, 3], [9, 9, 9], 2, [1, 2], id="then-fewest-of-all"),
        pytest.param([3, 0, 1], [3, 0, 1], [9, 9, 9], 4, [1, 1, 2, 1], id="what-is-there-counts"),
        pytest.param(
            [0, 0, 0], [0, 0, 0], [1, 0, 9], 4, [0, 2, 2, 2], id="as-far-as-there-is-room"
        ),
        pytest.param([0, 0], [0, 0], [2, 1], 9, [0, 1, 0], id="until-room-ends"),
        pytest.param([7, 0], [7, 0], [0, 1], 1, [1], id="the-full-do-not-count"),
        pytest.param([0, 0], [0, 0], [9, 9], 0, [], id="none"),
        pytest.param([], [], [], 3, [], id="nowhere"),
    ],
)
def test_nodes_fill_like_water(
    here: list[int], total: list[int], room: list[int], count: int, rows: list[int]
) -> None:
    columns = [np.array(column, dtype=np.int64) for column in (here, total, room)]

    assert fill(columns[0], columns[1], columns[2], count).tolist() == rows


@pytest.mark.parametrize(
    ("here", "fit", "count", "rows"),
    [
        pytest.param([0, 0, 0], [1, 1, 1], 2, [2, 1], id="fewest-of-all-first"),
        pytest.param([1, 0, 0], [1, 1, 1], 2, [2, 1], id="of-the-emptiest"),
        pytest.param([1, 1, 0], [1, 1, 0], 2, [1, 0], id="that-fit"),
        pytest.param([0, 0, 1], [1, 1, 1], 3, None, id="not-enough-of-them"),
        pytest.param([0, 0, 0], [0, 0, 0], 1, None, id="nowhere"),
    ],
)
def test_where_there_are_enough_nodes_each_gets_one(
    here: list[int], fit: list[int], count: int, rows: list[int] | None
) -> None:
    total = np.array([5, 4, 3])

    found = one_each(np.array(here), total, np.array(fit, dtype=bool), count)

    assert (found if found is None else found.tolist()) == rows
