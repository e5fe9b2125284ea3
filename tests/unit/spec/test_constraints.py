from __future__ import annotations

import pytest

from orchestrate.spec.constraints import parse_constraint
from orchestrate.spec.node_keys import parse_spread


@pytest.mark.parametrize(
    ("text", "key", "operator", "value"),
    [
        ("node.labels.disk == ssd", "node.labels.disk", "==", "ssd"),
        ("node.labels.disk==ssd", "node.labels.disk", "==", "ssd"),
        ("  node.hostname  !=  n1  ", "node.hostname", "!=", "n1"),
        (
            "node.labels.com.example/zone == eu west",
            "node.labels.com.example/zone",
            "==",
            "eu west",
        ),
        ("NODE.HOSTNAME == N1", "node.hostname", "==", "N1"),
        ("Node.Labels.Disk == SSD", "node.labels.Disk", "==", "SSD"),
        ("node.platform.arch == x86_64", "node.platform.arch", "==", "x86_64"),
        ("node.group != edge", "node.group", "!=", "edge"),
        ("node.vars.rack_unit > 5", "node.vars.rack_unit", ">", "5"),
        ("Node.Vars.Tier != gold", "node.vars.Tier", "!=", "gold"),
        ("node.role == Manager", "node.role", "==", "Manager"),
        ("node.ip == 10.0.0.0/8", "node.ip", "==", "10.0.0.0/8"),
        ("node.ip not  in fd00::/8 ,10.1.2.3", "node.ip", "not in", "fd00::/8, 10.1.2.3"),
        ("node.labels.disk in ssd,  nvme", "node.labels.disk", "in", "ssd, nvme"),
        ("node.labels.in IN in", "node.labels.in", "in", "in"),
        ("node.hostname =~ web-[0-9]+", "node.hostname", "=~", "web-[0-9]+"),
        ("node.labels.rack > 5", "node.labels.rack", ">", "5"),
        ("node.labels.rack<-2.5", "node.labels.rack", "<", "-2.5"),
    ],
)
def test_a_constraint_is_read(text: str, key: str, operator: str, value: str) -> None:
    constraint = parse_constraint(text)

    assert (constraint.key, constraint.operator, constraint.value) == (key, operator, value)
    assert parse_constraint(str(constraint)) == constraint


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("disktype=ssd", 'a label of a node is written "node.labels.disktype == ssd"'),
        ("disktype != ssd", 'a label of a node is written "node.labels.disktype != ssd"'),
        ("node.labels.disk = ssd", 'write "=" twice: "node.labels.disk == ssd"'),
        (
            "node.labels.disk >= 5",
            '">=" is not supported: the operators are ==, !=, in, not in, =~, < and >',
        ),
        ("node.labels.disk > large", "compares numbers: write one such as 16"),
        ("node.labels.disk < nan", "compares numbers: write one such as 16"),
        ("node.hostname > 5", "compares numbers, and node.hostname is none"),
        ("node.labels.disk =~ (s", "not a regular expression: missing )"),
        ("node.labels.disk =~ a{99999999999}", "not a regular expression: "),
        ("node.labels.disk =~", "is followed by a regular expression"),
        ("node.ip =~ 10.*", 'write "node.ip == 10.0.0.0/8" for a range'),
        ("node.ip == 10.0.0.300", "an address is written 10.0.0.7"),
        ("node.ip in 10.0.0.1, gateway", "an address is written 10.0.0.7"),
        ("node.role == leader", "a role is manager or worker"),
        ("node.labels.disk in", "a value is made of"),
        ("node.labels.disk in ssd,", "a value is made of"),
        ("node.labels.disk within ssd", '"KEY == VALUE"'),
        ("node.labels.disk", '"KEY == VALUE"'),
        ("", '"KEY == VALUE"'),
        ("node.labels. == x", "the key is one of"),
        ("node.vars.two words == x", '"KEY == VALUE"'),
        ("node.vars.rack-unit == x", "the key is one of"),
        ("node.hostnam == n1", "the key is one of"),
        ('node.hostname == "n1"', "is not in quotes"),
        ("node.hostname ==", "a value is made of"),
        ("node.id == abc", "use node.hostname"),
        ("engine.labels == ssd", "or engine.labels.NAME"),
    ],
)
def test_a_wrong_constraint_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011, the text is looked at
        parse_constraint(text)

    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" node.labels.zone ", "node.labels.zone"),
        ("Engine.Labels.Zone", "engine.labels.Zone"),
        ("Node.Group", "node.group"),
        ("node.platform.arch", "node.platform.arch"),
    ],
)
def test_what_replicas_are_spread_over_is_read(text: str, key: str) -> None:
    assert parse_spread(text) == key


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("zone", 'a label of a node is written "node.labels.zone"'),
        ("node.hostname", "name what nodes share"),
        ("node.labels.zone == a", "the key is one of"),
    ],
)
def test_replicas_are_not_spread_over_anything(text: str, advice: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011, the text is looked at
        parse_spread(text)

    assert advice in str(caught.value)
