# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same question to many, or many questions at once, with few threads: most of the time is spent
in waiting.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Iterable


def each(function: Callable[[Any], Any], items: Iterable[Any], workers: int) -> list[Any]:
    """Call the function for every item; answers stand in the order of the items."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))


def together(**functions: Callable[[], Any]) -> dict[str, Any]:
    """Call all functions side by side; each answer goes by its function's name."""
    answers = each(lambda function: function(), functions.values(), len(functions))
    return dict(zip(functions, answers))  # noqa: B905 - `strict` came with Python 3.10; nodes may be older
