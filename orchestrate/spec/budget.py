"""`x-budget`: a number of replicas, or a share of them."""

from __future__ import annotations

from orchestrate.model.budget import Budget

_WHOLE = 100


def parse_budget(text: str) -> Budget | None:
    """`1`, or `25%`."""
    number = text.removesuffix("%")
    is_share = number != text
    if not (number.isascii() and number.isdigit()) or number != str(int(number)):
        return None
    if is_share and int(number) > _WHOLE:
        return None
    return Budget(max_unavailable=int(number), is_share=is_share)
