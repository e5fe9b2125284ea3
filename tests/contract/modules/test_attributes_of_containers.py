"""Every attribute of a service on its whole way: the file's text, the wanted container, the engine's
inspection of the real one, and what the next look makes of it: no difference, and nothing to do.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import docker
import pytest
import yaml

from orchestrate.model.plan import Replica
from orchestrate.planner.containers.compare import differences
from orchestrate.planner.containers.replica import wanted_replica
from orchestrate.spec import Document, read
from tests.contract.modules.attributes import ROWS
from tests.contract.modules.site import NETWORK, PROJECT, Site

pytestmark = pytest.mark.contract

EASY = [name for name, row in ROWS.items() if not row.fails]
HARD = [name for name, row in ROWS.items() if row.fails]


def wanted(site: Site, name: str) -> Replica:
    text = ROWS[name].text
    service = {"image": site.image, **yaml.load(text, yaml.BaseLoader)}
    file = yaml.safe_dump({"name": PROJECT, "services": {name: service}, "volumes": {"data": None}})
    project = read([Document("compose.yml", file)], {}, "").project
    replica = wanted_replica(project, project.services[0], 1)
    return Replica(
        project=PROJECT,
        service=replica.service,
        slot=1,
        revision=replica.revision,
        name=replica.name,
        config={**replica.config, "network": NETWORK},
        volumes=replica.volumes,
    )


def start(site: Site, *names: str) -> dict[str, Any]:
    actions = []
    for name in names:
        replica = wanted(site, name)
        volumes = [dict(volume) for volume in replica.volumes]
        action = site.start(replica.name, kind="none", monitor_s=0, volumes=volumes)
        actions.append({**action, "config": dict(replica.config)})
    return site.replicas(*actions)


def inspect(client: docker.DockerClient, site: Site, name: str) -> dict[str, Any]:
    return dict(client.api.inspect_container(wanted(site, name).name))


def shown(inspection: dict[str, Any], path: str) -> Any:
    return reduce(lambda part, key: part[key], path.split("."), inspection)


@pytest.fixture(scope="module")
def seen(shared_site: Site) -> dict[str, Any]:
    """One node with a container of every row that starts everywhere."""
    answer = start(shared_site, *EASY)
    assert not answer.get("failed"), answer["msg"]
    return shared_site.look()


@pytest.mark.usefixtures("seen")
@pytest.mark.parametrize("name", EASY)
def test_the_engine_shows_what_the_file_says(
    client: docker.DockerClient, shared_site: Site, name: str
) -> None:
    inspection = inspect(client, shared_site, name)

    assert {path: shown(inspection, path) for path in ROWS[name].shows} == ROWS[name].shows


@pytest.mark.parametrize("name", EASY)
def test_the_next_look_finds_no_difference(
    seen: dict[str, Any], shared_site: Site, name: str
) -> None:
    replica = wanted(shared_site, name)
    containers = {container["name"]: container for container in seen["containers"]}
    container = containers[replica.name]

    found = differences(replica.config, container["config"], seen["images"][container["image_id"]])

    assert found == ()


@pytest.mark.usefixtures("seen")
def test_the_second_time_nothing_changes(shared_site: Site) -> None:
    answer = start(shared_site, *EASY)

    assert (answer["changed"], answer.get("msg")) == (False, None)


@pytest.mark.parametrize("name", HARD)
def test_what_not_every_machine_can_do(
    client: docker.DockerClient, shared_site: Site, name: str
) -> None:
    """Where it cannot be started it is shown as it was asked for, or it was not left there at all."""
    answer = start(shared_site, name)
    made = shared_site.seen(wanted(shared_site, name).name)

    if made:
        inspection = inspect(client, shared_site, name)
        assert {path: shown(inspection, path) for path in ROWS[name].shows} == ROWS[name].shows
    else:
        assert answer["failed"], ROWS[name].fails
        assert answer["results"][0]["name"] == wanted(shared_site, name).name
