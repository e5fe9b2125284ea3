"""`environment`, `labels` and their like: names with values, as a mapping or a list of NAME=VALUE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from orchestrate.spec.located import Plain, Spoiled, describe
from orchestrate.spec.pairs import as_pairs
from orchestrate.spec.rules.cursor import Cursor, MismatchError
from orchestrate.spec.rules.kinds import Scalar
from orchestrate.spec.rules.scalars import matching
from orchestrate.spec.template import TemplateError

_UNQUOTED = (
    "is a number or a date to Compose, which would write it in another way; here it stays as it is: "
    "put it in quotes"
)
_RESERVED = ("com.docker.compose.", "orchestrate.")


@dataclass(frozen=True, slots=True)
class Pairs:
    """`fill_in` gives the value of a name that stands alone; None leaves the name out."""

    name: Scalar
    fill_in: Callable[[Cursor, str], str | None]

    def __call__(self, spot: Cursor) -> Plain:
        pairs = as_pairs(spot.content)
        if pairs is None:
            raise MismatchError(
                f"expected a mapping or a list of NAME=VALUE, got {self._describe_odd(spot)}"
            )
        read = {}
        for name, located in pairs.items():
            child = spot.at(name, located)
            child.holding(name).read(self.name)
            value = self.fill_in(child, name) if located.content is None else child.read(_read_text)
            if value is not None:
                read[name] = value
        return dict(sorted(read.items()))

    @staticmethod
    def _describe_odd(spot: Cursor) -> str:
        if not isinstance(spot.content, list):
            return describe(spot.content)
        odd = (item.content for item in spot.content if not isinstance(item.content, str | Spoiled))
        return f"{describe(next(odd))} in the list"


def _read_text(spot: Cursor) -> Plain:
    """Read a text; its message leaves the value out, which may be a secret."""
    if not isinstance(spot.content, str):
        raise MismatchError(f"expected a text, got {describe(spot.content)}")
    if spot.place in spot.examination.findings.rewritten:
        spot.warn(f"{spot.key} {_UNQUOTED}")
    return spot.content


def _take_from_environment(spot: Cursor, name: str) -> str | None:
    try:
        value = spot.examination.environment.get(name)
    except TemplateError as error:
        spot.refuse(str(error))
        return None
    if value is None:
        spot.warn(f"{name} has no value here and none in the environment: it is left out")
    return value


def _parse_label(name: str) -> str | None:
    if name.startswith(_RESERVED):
        raise ValueError("labels that begin so are how containers are recognised as ours")
    return name or None


ENVIRONMENT = Pairs(
    matching("a name without spaces and =", r"[^\s=]+"),
    _take_from_environment,
)
LABELS = Pairs(Scalar("the name of a label", _parse_label), lambda _spot, _name: "")
OPTIONS = Pairs(matching("the name of an option", r"[^\s=]+"), lambda _spot, _name: None)
ANNOTATIONS = Pairs(matching("the name of an annotation", r"[^\s=]+"), lambda _spot, _name: "")
