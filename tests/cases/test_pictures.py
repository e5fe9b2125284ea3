"""The pictures of the docs show what the commands print, by the code that prints it on a terminal.

`make pictures` draws them anew. The cluster is `pictures/observed.yml`, the file `pictures/desired.yml`.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import yaml
from rich.console import Console

from orchestrate.cli.plan import print_plan
from orchestrate.model.desired import Desired
from orchestrate.planner.reconcile import reconcile
from orchestrate.spec import Document, read
from tests.compact import Snapshot
from tests.conftest import Expect

ROOT = Path(__file__).parents[2]
CASE = Path(__file__).parent / "pictures"
WIDTH = 92
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def picture(console: Console, title: str) -> str:
    """As SVG. Its fonts would come from another host: the reader's own monospaced one does as well."""
    svg = console.export_svg(title=title, unique_id="picture")
    return "\n".join(line.rstrip() for line in FONTS.sub("", svg).splitlines()) + "\n"


def terminal() -> Console:
    """A terminal that remembers, whatever this one is like."""
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        width=WIDTH,
        record=True,
        highlight=False,
        soft_wrap=True,
        _environ={},
    )


def test_a_plan_on_the_screen(expect: Expect) -> None:
    text = (CASE / "desired.yml").read_text(encoding="utf-8")
    project = read([Document("compose.yml", text)], {}, "shop").project
    said = yaml.safe_load((CASE / "observed.yml").read_text(encoding="utf-8"))
    console = terminal()

    console.print("$ orchestrate plan -f compose.yml", style="bold")
    print_plan(reconcile(Desired(projects=(project,)), Snapshot([project]).read(said)), console)

    expect(ROOT / "docs/pictures/plan.svg", picture(console, "orchestrate plan"))
