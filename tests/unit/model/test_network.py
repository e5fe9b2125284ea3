"""Networks as a label of a container holds them."""

from __future__ import annotations

import pytest

from orchestrate.model.network import Network, read_networks, write_networks
from orchestrate.model.observed.container import Container

BACK, FRONT = Network(name="shop_back", internal=True), Network(name="shop_front")


def test_what_is_written_is_read_again() -> None:
    text = write_networks((FRONT, BACK))

    assert text == "shop_back:internal,shop_front"
    assert read_networks(text) == (BACK, FRONT)


@pytest.mark.parametrize("text", ["", ",", "a b", "{{ x }}", "a:open", "-a", "a" * 201, "a\n"])
def test_what_is_no_name_is_passed_over(text: str) -> None:
    assert read_networks(text) == ()
    assert read_networks(f"{text},shop_front") == (FRONT,)


@pytest.mark.parametrize(
    ("labels", "networks"),
    [
        ({}, (Network(name="shop_default"),)),
        ({"orchestrate.networks": "shop_front"}, (FRONT,)),
        ({"orchestrate.networks": ""}, ()),
    ],
)
def test_a_container_without_a_label_is_in_the_network_of_its_project(
    labels: dict[str, str], networks: tuple[Network, ...]
) -> None:
    labels = {"com.docker.compose.project": "shop", **labels}

    assert Container(name="x", config={"labels": labels}).networks == networks
