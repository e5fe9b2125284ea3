"""Write the figures of the structure into docs/architecture.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.structure.measure import PACKAGE, ROOT, Rooms, Source

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- figures: make structure -->", "<!-- end of figures -->"


def table(source: Source) -> str:
    rows = ["| figure | now | at most |", "|---|---|---|"]
    rows += [f"| {name} | {now} | {most} |" for name, now, most in _rows(source)]
    return "\n".join(rows)


def _rows(source: Source) -> Iterator[tuple[str, str, str]]:
    said = "rooms / imports between them / longest chain"
    yield f"`{PACKAGE}`: {said}", _shape(source.rooms()), "14 / 36 / 8"
    yield f"`{PACKAGE}.planner`: {said}", _shape(source.rooms(f"{PACKAGE}.planner")), "15 / 33 / 6"
    yield "mentions of limit and unrepaired in the planner", str(source.filter_mentions()), "15"
    name, fields = source.widest()
    yield "fields of the widest value", f"{fields} (`{name}`)", "12"
    functions = source.functions()
    share = 100 * functions.long / functions.all
    yield "functions over 15 lines; over 30", f"{share:.1f} %; {functions.too_long}", "5 %; 0"
    riddles = 100 * len(source.riddles()) / len(source.docstrings())
    yield "docstrings that open with a pronoun or a preposition", f"{riddles:.1f} %", "2 %"


def _shape(rooms: Rooms) -> str:
    return f"{rooms.rooms} / {rooms.arrows} / {rooms.storeys}"


def main() -> None:
    figures = table(Source.read())
    page = PAGE.read_text(encoding="utf-8")
    block = f"{BEGIN}\n\n{figures}\n\n{END}"
    PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: block, page, flags=re.DOTALL), "utf-8")
    print(figures)


if __name__ == "__main__":
    main()
