"""Checks that compare places far apart: they look at what the rules have noted on their way."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor, Validation
from orchestrate.spec.rules.jobs import check_end
from orchestrate.spec.rules.kinds import suggest

_LONGEST_NAME = 62
"""Replicas are registered as <project>--<service>, and DNS allows 63 characters for one label, of
which the question for a service's ports (SRV) takes one: _<project>--<service>._tcp."""

Notes: TypeAlias = Mapping[str, list[tuple[Cursor, Plain]]]


def check_published(notes: Notes) -> None:
    """A port of the proxies, or of a node, is published once; on no address in particular means on all.

    Whether a proxy is also a node, only the inventory tells.
    """
    taken: dict[tuple[str, str, str], dict[str, Cursor]] = {}
    for spot, port in notes["published"]:
        holders = taken.setdefault((port["mode"], port["published"], port["protocol"]), {})
        address = port.get("host_ip", "")
        holder = holders.get(address) or holders.get("")
        if not address and holders:
            holder = next(iter(holders.values()))
        if holder:
            name = f"{port['published']}/{port['protocol']}"
            spot.refuse(f"the port {name} is published already: {holder.path} ({holder.place})")
        holders.setdefault(address, spot)


def check_ingress(notes: Notes) -> None:
    taken: dict[tuple[str, str], Cursor] = {}
    for spot, ingress in notes["ingress"]:
        host, path = ingress.get("host", ""), ingress.get("path", "/")
        holder = taken.setdefault((host, path), spot)
        if holder is not spot:
            where = f"{host or 'any host'}{path}"
            spot.refuse(f"{where} is taken already: {holder.path} ({holder.place})")


def check_mounted(notes: Notes, declared: AbstractSet[str]) -> None:
    for spot, mount in notes["mounted"]:
        name = mount.get("source", "")
        if mount["type"] == "volume" and name not in declared:
            advice = suggest(name, declared, 'declare it under "volumes"')
            spot.refuse(f'the volume "{name}" is not declared: {advice}')


def explain_missing(name: str, services: AbstractSet[str], examination: Validation) -> str:
    """Why there is no such service, or which one was probably meant."""
    if profiles := examination.inactive.get(name):
        return f"its profile is not active: --profile {' or '.join(profiles)}"
    return suggest(name, services, "name a service of this project")


def check_dependencies(examination: Validation, services: Plain) -> None:
    edges: dict[tuple[str, str], Cursor] = {}
    for spot, dependency in examination.notes["dependency"]:
        name, dependent = dependency["service"], spot.service
        edges[dependent, name] = spot
        if name not in services and dependency["required"]:
            advice = explain_missing(name, services.keys(), examination)
            spot.refuse(f'there is no service "{name}": {advice}')
        if name in services and dependency["completes"]:
            check_end(spot, services[name], "is waited for until it ends")
    graph = {name: service.get("depends_on", {}) for name, service in services.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        edges[circle[1], circle[0]].refuse(f"waits for itself: {' <- '.join(circle)}")


def check_attempts(notes: Notes, services: Plain) -> None:
    """Warn of attempts that nothing counts: those of a service that neither is a job nor is to complete."""
    completing = {edge["service"] for _, edge in notes["dependency"] if edge["completes"]}
    for spot, _ in notes["attempts"]:
        mode = services.get(spot.service, {}).get("deploy", {}).get("mode", "")
        if spot.service not in completing and not mode.endswith("-job"):
            spot.warn('has no effect with condition "any": the engine counts "on-failure" only')


def check_joined(notes: Notes, declared: AbstractSet[str]) -> None:
    for spot, name in notes["joined"]:
        if name != "default" and name not in declared:
            advice = suggest(name, declared, 'declare it under "networks"')
            spot.refuse(f'the network "{name}" is not declared: {advice}')


def check_aliases(notes: Notes, project: str) -> None:
    """An alias is registered as a service is: replicas of another one would answer beside that one's."""
    named = {name.lower(): spot for spot, name in notes["service"]}
    for spot, alias in notes["alias"]:
        holder = named.get(alias.lower())
        if holder and spot.keys[: len(holder.keys)] != holder.keys:
            spot.refuse(f"is the name of a service already: {holder.path} ({holder.place})")
        _check_length(spot, f"{project}--{alias}", "of the project or the alias")


def check_container_names(notes: Notes) -> None:
    taken: dict[str, Cursor] = {}
    for spot, name in notes["container_name"]:
        holder = taken.setdefault(name.lower(), spot)
        if holder is not spot:
            spot.refuse(f"is the name of a container already: {holder.path} ({holder.place})")


def check_links(notes: Notes, services: Plain) -> None:
    """A link is of use where its name resolves to what can be reached."""
    for spot, name in notes["link"]:
        own = _networks(services[spot.service])
        if name in services and not own & _networks(services[name]):
            spot.refuse(f'shares no network with "{name}": name one under "networks" of both')


def _networks(service: Plain) -> AbstractSet[str]:
    names: AbstractSet[str] = service.get("networks", {"default": {}}).keys()
    return names


def check_files(notes: Notes, kind: str, declared: AbstractSet[str]) -> None:
    for spot, file in notes[kind]:
        name = file["source"]
        if name not in declared:
            advice = suggest(name, declared, f'declare it under "{kind}"')
            spot.refuse(f'the {kind.removesuffix("s")} "{name}" is not declared: {advice}')


def check_targets(notes: Notes) -> None:
    """Refuse a path of the container that two mounts share, whichever key names it."""
    taken: dict[tuple[str, str], Cursor] = {}
    for kind in ("mounted", "configs", "secrets"):
        for spot, mount in notes[kind]:
            service = spot.service
            holder = taken.setdefault((service, mount["target"]), spot)
            if holder is not spot:
                spot.refuse(f"{mount['target']} is taken already: {holder.path} ({holder.place})")


def check_service_names(notes: Notes, project: str) -> None:
    """DNS makes no difference between upper and lower case."""
    taken: dict[str, Cursor] = {}
    for spot, name in notes["service"]:
        holder = taken.setdefault(name.lower(), spot)
        if holder is not spot:
            spot.refuse(f"differs from {holder.path} ({holder.place}) only in upper and lower case")
        _check_length(spot, f"{project}--{name}", "of the project or of the service")


def _check_length(spot: Cursor, registered: str, names: str) -> None:
    if len(registered) > _LONGEST_NAME:
        spot.refuse(
            f"is registered as {registered}, longer than the {_LONGEST_NAME} characters "
            f"that DNS has room for: shorten the name {names}"
        )
