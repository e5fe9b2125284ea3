"""The sources of the files' variables, and Compose's own variables."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from orchestrate.spec.dotenv import read_variables
from orchestrate.spec.file_store import FileStore
from orchestrate.spec.load import Document
from orchestrate.spec.located import Diagnostics, Located, Place
from orchestrate.spec.request import Request
from orchestrate.spec.rules.project import normalise_project_name
from orchestrate.spec.template import TemplateError, expand, layered, parse_template

PROJECT_NAME = "COMPOSE_PROJECT_NAME"
PROFILES = "COMPOSE_PROFILES"
DOTENV = ".env"


class Noted(Mapping[str, str]):
    """Variables that remember which names were asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


class Given(NamedTuple):
    """`own` leaves out what the cluster shares: what is asked for there is about the command."""

    variables: Mapping[str, str]
    own: Mapping[str, str]


def find_variables(
    environment: Mapping[str, str], request: Request, shelf: FileStore, findings: Diagnostics
) -> Given:
    """Return the variables of all sources, the strongest first."""
    above = layered(request.extra, environment)
    place = Place("--env-file", 0, 0)
    named = [shelf.find_named(name, place, "") for name in request.env_files]
    above = layered(above, read_files(filter(None, named), above, findings))
    shared = layered(above, request.shared)
    if named:
        return Given(shared, above)
    dotenv = shelf.find(DOTENV, Place(shelf.name(DOTENV), 0, 0), "", required=False)
    below = read_files((dotenv,) if dotenv else (), shared, findings)
    return Given(layered(shared, below), layered(above, below))


def read_files(
    documents: Iterable[Document], environment: Mapping[str, str], findings: Diagnostics
) -> dict[str, str]:
    """The values of several files: the last one wins."""
    found: dict[str, str] = {}
    for document in documents:
        variables = read_variables(document, layered(environment, found), findings)
        texts = {name: variable.content for name, variable in variables.items()}
        found |= {name: text for name, text in texts.items() if isinstance(text, str)}
    return found


def active_profiles(request: Request, variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the profiles of the arguments, or else of the variable."""
    named = variables.get(PROFILES, "").split(",")
    return request.profiles or tuple(name.strip() for name in named if name.strip())


def wanted_name(request: Request, variables: Mapping[str, str]) -> Located | None:
    """The project's name by argument or by variable; None: the files, or their directory, say it."""
    if request.project_name:
        return Located(request.project_name, Place("--project-name", 0, 0))
    name = variables.get(PROJECT_NAME)
    return Located(name, Place(PROJECT_NAME, 0, 0)) if name else None


def name_of_files(roots: Sequence[Located], variables: Mapping[str, str], directory: str) -> str:
    """Return the project's name by the last file that has one; its validity is checked elsewhere."""
    mappings = [root.content for root in reversed(roots) if isinstance(root.content, dict)]
    names = (content["name"].content for content in mappings if "name" in content)
    for name in names:
        if isinstance(name, str):
            return _expand(name, variables)
    return normalise_project_name(posixpath.basename(directory))


def _expand(text: str, variables: Mapping[str, str]) -> str:
    """Expand variables as far as possible; interpolation of the whole file reports the rest."""
    try:
        return expand(parse_template(text), variables).text
    except TemplateError:
        return ""
