"""Carrying out a plan."""

from __future__ import annotations

from typing import Protocol

from orchestrate.model.plan import Plan
from orchestrate.model.report import Outcome


class Actuator(Protocol):
    def act(self, plan: Plan) -> Outcome:
        """Carry the plan out, step by step. A failure ends it after the play that it is in.

        A step is completed when all of its plays ended well; each failure names its step and, if one is to
        blame, its action.
        """
        ...
