from __future__ import annotations

import pytest

from orchestrate.model.constraint import Constraint, parse_constraint, parse_spread


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
        ("node.labels.disk > 5", "the operators are == and !="),
        ("node.labels.disk =~ s.*", "the operators are == and !="),
        ("node.labels.disk", '"KEY == VALUE"'),
        ("", '"KEY == VALUE"'),
        ("node.labels. == x", "the key is one of"),
        ("node.hostnam == n1", "the key is one of"),
        ('node.hostname == "n1"', "is not in quotes"),
        ("node.hostname ==", "a value is made of"),
        ("node.role == manager", "there are no managers here"),
        ("node.id == abc", "use node.hostname"),
        ("node.ip == 10.0.0.0/8", "use node.hostname"),
        ("engine.labels.os == linux", "use node.labels.NAME"),
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


@pytest.mark.parametrize(
    ("key", "label"),
    [("node.labels.disk", "disk"), ("node.hostname", None), ("x.node.labels.y", None)],
)
def test_a_label_is_known_by_its_name(key: str, label: str | None) -> None:
    assert Constraint(key=key, operator="==", value="x").label == label
