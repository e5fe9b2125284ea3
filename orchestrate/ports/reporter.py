"""Progress, for the person who watches."""

from __future__ import annotations

from typing import Protocol

from orchestrate.model.plan import Plan


class Reporter(Protocol):
    """Says what goes on, to whoever watches."""

    def planned(self, plan: Plan) -> None: ...

    def warned(self, text: str) -> None: ...
