"""What the docs say exists does, and what exists is in the docs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from orchestrate import errors
from orchestrate.cli import cli
from orchestrate.model.settings import Settings
from orchestrate.spec import Document
from orchestrate.spec.rules.budget import BUDGET
from orchestrate.spec.rules.capacity import HOST
from orchestrate.spec.rules.deploy import DEPLOY
from orchestrate.spec.rules.health import HEALTHCHECK
from orchestrate.spec.rules.ingress import INGRESS
from orchestrate.spec.rules.kinds import Refused, Section
from orchestrate.spec.rules.project import PROJECT
from orchestrate.spec.rules.service import SERVICE
from orchestrate.spec.rules.settings import ADD_NODE, SETTINGS
from orchestrate.spec.settings import read_settings
from tests.compose_keys import judged

ROOT = Path(__file__).parents[2]
ROLES = ROOT / "collections/ansible_collections/orchestrate/cluster/roles"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


def unsaid(words: Iterable[str], page: str) -> list[str]:
    """The words that the page does not have as code: `word`, or `a.b.word`, or `word …`."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [word for word in words if not re.search(rf"`([\w.]+\.)?{re.escape(word)}[` ]", text)]


def supported(section: Section) -> list[str]:
    return [
        key
        for key, rule in section.keys.items()
        if not isinstance(rule, Refused) and key != "placement"
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_places_that_contributors_are_sent_to_exist() -> None:
    text = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    places = re.findall(r"[` ]((?:collections|orchestrate|tests)/[\w./-]+)", text)

    assert [place for place in places if not (ROOT / place).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = LINK.findall((ROOT / "docs/README.md").read_text(encoding="utf-8"))

    assert {page.name for page in PAGES} - {"README.md"} == set(index)


@pytest.mark.parametrize(
    "section",
    [
        pytest.param(PROJECT, id="top-level"),
        pytest.param(SERVICE, id="service"),
        pytest.param(HEALTHCHECK, id="healthcheck"),
        pytest.param(DEPLOY, id="deploy"),
        pytest.param(INGRESS, id="x-ingress"),
        pytest.param(BUDGET, id="x-budget"),
    ],
)
def test_every_supported_key_is_in_the_spec_page(section: Section) -> None:
    keys = [
        # sections of `deploy` are shown with what they hold: `resources.limits`
        f"{key}.limits" if key == "resources" else key
        for key in supported(section)
    ]

    assert unsaid(keys, "spec.md") == []


def test_the_settings_page_says_of_each_key_what_the_rules_take() -> None:
    rows = {cells[0].strip("`"): cells for cells in settings_table()}

    assert {key: cells[1] for key, cells in rows.items()} == {
        key: judged(rule)[1] for key, rule in SETTINGS.keys.items()
    }


def test_the_settings_page_has_the_defaults() -> None:
    said = {cells[0].strip("`"): cells[2].strip("`") for cells in settings_table()}
    plain = {
        field.name.removesuffix("_s"): str(field.default).lower().removesuffix(".0")
        for field in fields(Settings)
        if field.name in {f"{key}_s" for key in said} | set(said) and field.default
    }

    assert {key: said[key] for key in plain} == plain


def settings_table() -> list[list[str]]:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    table = text.partition("| key | takes | default | meaning |\n")[2].partition("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]


def test_every_key_of_new_nodes_and_of_hosts_is_in_the_settings_page() -> None:
    assert unsaid([*ADD_NODE.keys, *HOST.keys], "settings.md") == []


def test_the_examples_of_settings_follow_the_rules() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    for example in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        assert read_settings(Document("settings.md", example), "/", lambda _: True) != Settings()


@pytest.mark.parametrize("role", ["engine", "network", "consul", "proxy"])
def test_every_variable_of_a_role_is_in_the_settings_page(role: str) -> None:
    specs = yaml.safe_load((ROLES / role / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    main: Mapping[str, Any] = specs["argument_specs"]["main"]

    assert unsaid(main["options"], "settings.md") == []


def test_every_exit_code_is_in_the_cycle_page() -> None:
    text = (ROOT / "docs/cycle.md").read_text(encoding="utf-8")

    assert [code for code in errors.ExitCode if f"| {code} |" not in text] == []


def test_every_command_is_in_the_docs() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [
        name for name in command_names() if not re.search(rf"`(orchestrate )?{name}", text)
    ] == []


def command_names() -> list[str]:
    """`orchestrate plan`, `lab up`, …"""
    context = click.Context(cli)
    groups = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return [
        *(f"orchestrate {name}" for name in groups),
        *(
            f"{name} {own}"
            for name, group in groups.items()
            if isinstance(group, click.Group)
            for own in group.list_commands(context)
        ),
    ]
