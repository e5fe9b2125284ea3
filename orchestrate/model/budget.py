"""How many replicas of a service may be unavailable at once."""

from __future__ import annotations

from dataclasses import dataclass

_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """`x-budget`. `is_share`: the number is per cent of all replicas of the service."""

    max_unavailable: int
    is_share: bool = False

    def of(self, replicas: int) -> int:
        """How many of so many; a share is rounded up, as by Kubernetes' PodDisruptionBudget."""
        if not self.is_share:
            return self.max_unavailable
        return -(-replicas * self.max_unavailable // _WHOLE)


def parse_budget(text: str) -> Budget | None:
    """`1`, or `25%`."""
    number = text.removesuffix("%")
    is_share = number != text
    if not (number.isascii() and number.isdigit()) or number != str(int(number)):
        return None
    if is_share and int(number) > _WHOLE:
        return None
    return Budget(max_unavailable=int(number), is_share=is_share)
