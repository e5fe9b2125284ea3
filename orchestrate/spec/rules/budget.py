"""`x-budget`: how many replicas may be unavailable at once."""

from __future__ import annotations

from orchestrate.spec.budget import parse_budget
from orchestrate.spec.located import Plain
from orchestrate.spec.rules.kinds import Scalar, Section


def _parse(text: str) -> Plain:
    found = parse_budget(text)
    if found is None:
        return None
    return text if found.is_share else found.max_unavailable


BUDGET = Section(
    {"max_unavailable": Scalar('a number of replicas such as 1, or a share such as "25%"', _parse)},
    required={"max_unavailable": "say how many replicas may be unavailable, such as 1 or 25%"},
)
