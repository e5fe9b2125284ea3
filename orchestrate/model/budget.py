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
