"""An application of the public Compose world, as its file is: a blog and its database."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import pytest

from orchestrate.lab.packaged import ensure_packaged_images
from orchestrate.lab.registry import find_registry, local_address, push_image
from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import COUNTER
from tests.e2e.nodes import Node, Nodes
from tests.e2e.proxies import get, post
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("empty", "blog")]
HERE = Path(__file__).parent
FILE = str(HERE / "projects" / "wordpress-mysql" / "compose.yaml")
PROJECT = "wordpress-mysql"
TAGS = {"mariadb": "10.6.4-focal", "wordpress": "latest"}
HOST = "blog.example"
INSTALL = "/wp-admin/install.php"
PASSWORD = "three nodes and a blog"
SUBMITTED = "application/x-www-form-urlencoded"


class Silence:
    def step(self, _text: str) -> nullcontext[None]:
        return nullcontext()


@pytest.fixture(scope="module")
def images(nodes: Nodes) -> None:
    """The lab's registry has the application's images, made of Debian's packages."""
    built = ensure_packaged_images(nodes.client, Silence(), HERE / "images")
    registry = find_registry(nodes.client, nodes.lab)
    assert registry
    for name, tag in TAGS.items():
        push_image(nodes.client, built[name], local_address(registry), f"{name}:{tag}")


@pytest.fixture
def blog(images: None, orchestrate: Orchestrate) -> Iterator[None]:  # noqa: ARG001 - it prepares
    orchestrate("deploy", "-f", FILE)
    yield
    orchestrate("down", PROJECT, "--volumes")


def test_it_runs_and_keeps_its_data(orchestrate: Orchestrate, nodes: Nodes) -> None:
    first = nodes.addresses[0]
    until(lambda: is_up(first), "the database answers")

    assert "Success!" in install(first)
    write(first, "Seen from everywhere")

    assert [is_read(address, "Seen from everywhere") for address in nodes.addresses] == [True] * 3
    assert orchestrate("plan").out.startswith("Nothing to do")
    shown = {row["service"]: row["ports"] for row in orchestrate("status", "-o", "json").json}
    assert shown["db"] == []
    (port,) = shown["wordpress"]
    assert (port["nodes"], port["published"], port["target"]) == (["n1", "n2", "n3"], 80, 80)

    before = nodes.containers()
    refused = orchestrate("deploy", "-f", COUNTER, code=4)
    assert refused.has_line("wordpress: port 80 of the proxies", "x-ingress of counter/web")
    assert nodes.containers() == before

    node, name = database(orchestrate, nodes)
    node.run("docker", "restart", name)
    until(lambda: is_read(first, "Seen from everywhere"), "the post is there after a restart")

    node.run("docker", "rm", "--force", name)
    orchestrate("converge")
    until(lambda: is_read(first, "Seen from everywhere"), "the post is there in a new container")


def is_up(address: str) -> bool:
    """The proxy closes connections until it has found the replica, and without a database there is an error."""
    with suppress(OSError):
        return get(address, INSTALL, host=HOST).status == HTTPStatus.OK
    return False


def install(address: str) -> str:
    form = {
        "weblog_title": "Three nodes",
        "user_name": "admin",
        "admin_password": PASSWORD,
        "admin_password2": PASSWORD,
        "pw_weak": "1",
        "admin_email": "admin@example.org",
    }
    return post(address, f"{INSTALL}?step=2", urlencode(form), kind=SUBMITTED, host=HOST).text


def write(address: str, title: str) -> None:
    content = {"post_title": title, "post_content": "Once.", "post_status": "publish"}
    call = xmlrpc.client.dumps((1, "admin", PASSWORD, content), "wp.newPost")
    xmlrpc.client.loads(post(address, "/xmlrpc.php", call, kind="text/xml", host=HOST).text)


def is_read(address: str, title: str) -> bool:
    """Without a database it takes a while, and comes to nothing."""
    with suppress(OSError):
        return title in get(address, host=HOST).text
    return False


def database(orchestrate: Orchestrate, nodes: Nodes) -> tuple[Node, str]:
    (row,) = [
        row for row in orchestrate("ps", "-o", "json").json if row["replica"] == f"{PROJECT}/db.1"
    ]
    return nodes[row["node"]], row["container"]
