"""`container_name` and `links`: names of one machine, and what is left of them on a cluster.

A container's own name says which replica it is. The one that the file gives is a name to find it by.
"""

from __future__ import annotations

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.depends import STARTED, note_dependency
from orchestrate.spec.rules.kinds import ListOf, Scalar
from orchestrate.spec.rules.networks import ALIAS


def _parse_link(text: str) -> str:
    service, _, alias = text.partition(":")
    if alias and alias != service:
        raise ValueError(
            f'give "{service}" the alias, under "networks", and link "{service}" alone'
        )
    return service


CONTAINER_NAME = ALIAS
LINKS = ListOf(Scalar("the name of a service", _parse_link))


def check_container_name(spot: Cursor, service: Plain) -> None:
    name = service.get("container_name")
    if name is None:
        return
    place = dict(spot.entries())["container_name"]
    place.note("alias", name)
    place.note("container_name", name)
    deploy = service.get("deploy", {})
    if deploy.get("replicas", 1) > 1 or deploy.get("mode", "").startswith("global"):
        place.refuse("is the name of one container, and there may be several: remove it")


def join_links(spot: Cursor, service: Plain) -> None:
    """Turn links into a start order: the linked service resolves anyway."""
    names = service.pop("links", ())
    awaited = service.get("depends_on", {})
    for name in names:
        place = dict(spot.entries())["links"]
        place.note("link", name)
        if name not in awaited:
            note_dependency(place, name)
            awaited[name] = {"condition": STARTED}
    if awaited:
        service["depends_on"] = dict(sorted(awaited.items()))
