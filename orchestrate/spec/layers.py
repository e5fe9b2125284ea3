"""Variables from several sources, one over the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Layers(Mapping[str, str]):
    """The first layer that has a name gives its value; a layer below is not even asked."""

    def __init__(self, *layers: Mapping[str, str]) -> None:
        self._layers = layers

    def __getitem__(self, name: str) -> str:
        for layer in self._layers:
            value = layer.get(name)
            if value is not None:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({name: None for layer in self._layers for name in layer})

    def __len__(self) -> int:
        return sum(1 for _ in self)
